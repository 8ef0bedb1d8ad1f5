"""The options of OpenSSH 7.4: a spec may use these, and the simulated ssh knows no others."""

# ssh_config(5) of OpenSSH 7.4, which is what RHEL 7 has
KEYWORDS = (
    "AddKeysToAgent AddressFamily BatchMode BindAddress CanonicalDomains CanonicalizeFallbackLocal "
    "CanonicalizeHostname CanonicalizeMaxDots CanonicalizePermittedCNAMEs CertificateFile "
    "ChallengeResponseAuthentication CheckHostIP Cipher Ciphers ClearAllForwardings Compression "
    "CompressionLevel ConnectionAttempts ConnectTimeout ControlMaster ControlPath ControlPersist "
    "DynamicForward EnableSSHKeysign EscapeChar ExitOnForwardFailure FingerprintHash ForwardAgent ForwardX11 "
    "ForwardX11Timeout ForwardX11Trusted GatewayPorts GlobalKnownHostsFile GSSAPIAuthentication "
    "GSSAPIDelegateCredentials HashKnownHosts Host HostbasedAuthentication HostbasedKeyTypes HostKeyAlgorithms "
    "HostKeyAlias HostName IdentitiesOnly IdentityAgent IdentityFile IgnoreUnknown Include IPQoS "
    "KbdInteractiveAuthentication KbdInteractiveDevices KexAlgorithms LocalCommand LocalForward LogLevel MACs "
    "Match NoHostAuthenticationForLocalhost NumberOfPasswordPrompts PasswordAuthentication PermitLocalCommand "
    "PKCS11Provider Port PreferredAuthentications Protocol ProxyCommand ProxyJump ProxyUseFdpass "
    "PubkeyAcceptedKeyTypes PubkeyAuthentication RekeyLimit RemoteForward RequestTTY RevokedHostKeys SendEnv "
    "ServerAliveCountMax ServerAliveInterval StreamLocalBindMask StreamLocalBindUnlink StrictHostKeyChecking "
    "TCPKeepAlive Tunnel TunnelDevice UpdateHostKeys UsePrivilegedPort User UserKnownHostsFile "
    "VerifyHostKeyDNS VisualHostKey XAuthLocation "
).split()
BY_FOLDED = {keyword.lower(): keyword for keyword in KEYWORDS}
