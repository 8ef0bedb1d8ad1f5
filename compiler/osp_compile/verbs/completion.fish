# Completion of osp-compile: a file osp-compile.fish in ~/.config/fish/completions, or read by `source`.

function __osp_compile_completion
    set -l token (commandline -ct)
    # of --option=value the value alone is completed
    set -l option (string match -r -- '^--[^=]*=' $token); or set option ''
    set -l begun (string replace -r -- '^--[^=]*=' '' $token)
    for line in (_OSP_COMPILE_COMPLETE=fish_complete COMP_WORDS=(commandline -cp | string collect) COMP_CWORD="$token" osp-compile 2>/dev/null)
        set -l answer (string split -m 1 \t -- $line)
        switch $answer[1]
            case file
                # a command that fish does not know takes any file
                printf '%s\n' $option(complete -C "osp-compile-takes-a-file $begun")
            case dir
                printf '%s\n' $option(complete -C "osp-compile-takes-a-file $begun" | string match -r '^[^\t]*/(?=\t|$)')
            case plain
                printf '%s\n' $option$answer[2]
        end
    end
end

complete --command osp-compile --no-files --keep-order --arguments '(__osp_compile_completion)'
