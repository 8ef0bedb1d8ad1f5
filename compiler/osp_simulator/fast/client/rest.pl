#!/usr/bin/perl
# The rest of a call, for `watch` and `exec`: running a program under a time limit, and becoming one.
#
#   .client_rest CONNECTION ANSWER...    the descriptor on which the world is asked, and what it has answered

# As sh words it, with its status.
sub become {
    my ($prefix, $path, @argv) = @_;
    exec {$path} @argv;
    my $missing = $! == 2;
    syswrite STDERR, sprintf $prefix, $argv[0], $!;
    exit($missing ? 127 : 126);
}

sub find {
    my ($name) = @_;
    return $name if $name =~ m{/};
    for my $folder (split /:/, $ENV{PATH} // '/usr/local/bin:/usr/bin:/bin') {
        my $path = ($folder || '.') . "/$name";
        return $path if -x $path && !-d _;
    }
    return "./$name";
}

# Runs the command as `timeout` does: in a process group of its own unless in the foreground, signals passed on.
sub watch {
    my ($foreground, $variable, @argv) = @_;
    if (!$foreground) {
        setpgrp 0, 0;
        $SIG{TTIN} = $SIG{TTOU} = 'DEFAULT';
    }
    my $pid = fork;
    if (!$pid) {
        my ($key, $value) = split /=/, $variable, 2;
        $ENV{$key} = $value;
        become("timeout: failed to run command '%s': %s\n", find($argv[0]), @argv);
    }
    $SIG{$_} = sub { my ($name) = @_; kill $name, $pid }
        for qw(HUP INT QUIT TERM);
    while (waitpid($pid, 0) != $pid) { }
    return $?;
}

# The wait status is told to the world, which says how the call ends.
sub report {
    my ($status) = @_;
    my $payload = "done\0$status";
    syswrite CONNECTION, pack('N', length $payload) . $payload;
    my $size = unpack 'N', receive(4);
    return split /\0/, receive($size), -1;
}

sub receive {
    my ($size) = @_;
    my $data = '';
    while (length $data < $size) {
        my $got = sysread CONNECTION, $data, $size - length $data, length $data;
        next if !defined $got && $! == 4;    # a signal that is passed on
        die_by(9) if !$got;
    }
    return $data;
}

sub die_by {
    my ($number) = @_;
    my %names = (1 => 'HUP', 2 => 'INT', 3 => 'QUIT', 13 => 'PIPE', 15 => 'TERM');
    $SIG{$names{$number}} = 'DEFAULT' if $names{$number};
    kill $number, $$;
    exit 128 + $number;
}

my ($connection, @answer) = @ARGV;
open CONNECTION, '+<&=', $connection or die_by(9);
fcntl CONNECTION, 2, 1;    # F_SETFD, FD_CLOEXEC: it is for no command that this becomes
@answer = report(watch(@answer[1 .. $#answer])) while $answer[0] eq 'watch';
become("%s: %s\n", $answer[1], @answer[1 .. $#answer]) if $answer[0] eq 'exec';
die_by($answer[1]) if $answer[0] eq 'signal';
exit $answer[1];
