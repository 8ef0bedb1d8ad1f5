# The signature of a bundle, where the spec requires one: SHA256SUMS.asc, by one of the keys of `require_signature`.
#
# Home and options of gpg are given here, so that GNUPGHOME and gpg.conf do not count. PATH is trusted, as it is for sha256sum.
# Whoever can write to the bundle's folder can write to this file too: this stops a bundle that was not signed, not one that was forged in
# place. Against that the operator compares digest and signature before the first run, as README.md says.

gate_signed() {
  local status=0 wanted=${REQUIRE_SIGNATURE[*]-}
  if [[ -z $wanted ]]; then return 0; fi
  if [[ ! -f SHA256SUMS.asc || -L SHA256SUMS.asc ]]; then
    gate_refuse 'this bundle is not signed, and the spec requires a signature' \
      'get the archive that was made by osp-compile pack --sign: SHA256SUMS.asc is in it'
  fi
  if ! type -P gpg2 >/dev/null; then gate_refuse 'the signature cannot be checked: gpg2 is not installed' 'sudo yum install gnupg2'; fi
  (cd -- "$COPY" && exec gpg2 --homedir "$UNDERCLOUD_HOME/.gnupg" --no-options --batch --no-tty --status-fd 1 --verify SHA256SUMS.asc SHA256SUMS) \
    >"$SCRATCH/signature" 2>"$SCRATCH/signature.err" </dev/null || status=$?
  if ((status == 0)) && signed_by_one_of "$wanted" <"$SCRATCH/signature"; then return 0; fi
  refuse_signature "$wanted"
}

# signed_by_one_of FINGERPRINTS: gpg's status lines, on stdin, are those of a good signature, valid today, by one of these keys or a subkey of
# it, over the file itself and not over a text in the signature (PLAINTEXT). gpg says VALIDSIG of a key that has expired too.
signed_by_one_of() {
  awk -v wanted=" $1 " '
    $1 != "[GNUPG:]" { next }
    $2 ~ /^(PLAINTEXT|BADSIG|ERRSIG|EXPSIG|EXPKEYSIG|REVKEYSIG)$/ { other = 1 }
    $2 == "GOODSIG" { good = 1 }
    $2 == "VALIDSIG" && (index(wanted, " " $3 " ") || index(wanted, " " $NF " ")) { wished = 1 }
    END { exit !(good && wished && !other) }'
}

# refuse_signature FINGERPRINTS: with the first of gpg's words that says why, or with the other key.
refuse_signature() {
  local said other names=${1// /, }
  said=$(awk '$1 == "[GNUPG:]" && $2 ~ /^(PLAINTEXT|NODATA|BADSIG|NO_PUBKEY|EXPSIG|EXPKEYSIG|REVKEYSIG)$/ { print $2; exit }' \
    "$SCRATCH/signature")
  other=$(awk -v wanted=" $1 " '
    $1 == "[GNUPG:]" && $2 == "VALIDSIG" && !index(wanted, " " $3 " ") && !index(wanted, " " $NF " ") { print $NF; exit }' "$SCRATCH/signature")
  case ${said:-${other:+another}} in
    PLAINTEXT | NODATA) gate_refuse 'SHA256SUMS.asc is not a detached signature' 'have the bundle signed again: osp-compile pack --sign KEY' ;;
    BADSIG) gate_refuse 'SHA256SUMS.asc is not a signature of this bundle' 'get the archive that was signed' ;;
    NO_PUBKEY)
      gate_refuse "the key of the signature is not in the keyring of $UNDERCLOUD_USER; the spec has $names" \
        'get the key, compare its fingerprint, then: gpg2 --import KEYFILE'
      ;;
    *SIG) gate_refuse 'the signature or its key has expired or was revoked' 'have the bundle signed again: osp-compile pack --sign KEY' ;;
    another)
      gate_refuse "the bundle is signed by $(plain "$other"), and the spec has $names" \
        'have it signed by one of these, or compile it with that key in require_signature'
      ;;
    *)
      gate_refuse "the signature cannot be checked: $(plain "$(tail --lines=1 -- "$SCRATCH/signature.err")")" \
        'gpg2 --verify SHA256SUMS.asc SHA256SUMS'
      ;;
  esac
}
