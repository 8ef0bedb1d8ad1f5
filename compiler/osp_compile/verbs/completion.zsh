#compdef osp-compile
# Completion of osp-compile: a file of this name, `_osp-compile`, in a folder of $fpath, or read by `source`.

_osp-compile() {
    local -a answer described plain
    local line type word help
    local found=1

    (( $+commands[osp-compile] )) || return 1
    answer=("${(@f)$(COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1)) _OSP_COMPILE_COMPLETE=zsh_complete osp-compile 2>/dev/null)}")
    # of --option=value the value alone is completed
    if [[ $PREFIX == --*=* ]]; then compset -P 1 '*='; fi
    for line in $answer; do
        IFS=$'\t' read -r type word help <<<$line
        case $type in
            file) _files && found=0 ;;
            dir) _path_files -/ && found=0 ;;
            plain)
                if [[ -n $help ]]; then described+=("${word//:/\\:}:$help"); else plain+=($word); fi
                ;;
        esac
    done
    if (( $#described )); then _describe -V osp-compile described && found=0; fi
    if (( $#plain )); then compadd -V values -a plain && found=0; fi
    return found
}

# as the file of an autoloaded function it is to complete at once, the first time; the function is there from then on
if [[ $funcstack[1] == _osp-compile ]]; then
    _osp-compile "$@"
else
    compdef _osp-compile osp-compile
fi
