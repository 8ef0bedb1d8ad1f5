#!/usr/bin/perl
# What every simulated tool's name leads to: hands the call and its descriptors to the world.
#
# Runs inside the sandboxes at each call, so it is written in what starts quickest, and without modules: even strict would
# cost a fifth of its time. What few calls need stands in client_run.pl.
#
# The message is NUL-separated after a length of 4 bytes: which descriptors follow, number of arguments, arguments, cwd,
# environment. The answer likewise: `exit N`, `signal N`, `exec ARGV...`, or `watch FOREGROUND KEY=VALUE ARGV...` (run
# ARGV, report its wait status, ask again).

my $REST    = '/usr/bin/.client_run';
my $SOCKET  = '/run/osp-sim/socket';
my $SENDMSG = 0;                       # the number of the system call on this machine, written in when a world is made
my %NAMES   = (1 => 'HUP', 2 => 'INT', 3 => 'QUIT', 13 => 'PIPE', 15 => 'TERM');

sub die_by {
    my ($number) = @_;
    $SIG{$NAMES{$number}} = 'DEFAULT' if $NAMES{$number};
    kill $number, $$;
    exit 128 + $number;
}

sub receive {
    my ($size) = @_;
    my $data = '';
    while (length $data < $size) {
        my $got = sysread CONNECTION, $data, $size - length $data, length $data;
        next if !defined $got && $! == 4;    # a signal that somebody handles
        die_by(9) if !$got;                  # the world ended, or this host went down
    }
    return $data;
}

sub ask {
    my ($fields, @fds) = @_;
    my $payload = join "\0", @$fields;
    my $data    = pack('N', length $payload) . $payload;
    my $sent    = 0;
    if (@fds) {
        my $control = pack 'Q l l l*', 16 + 4 * @fds, 1, 1, @fds;    # SOL_SOCKET, SCM_RIGHTS
        my $size    = length $control;
        my $vector  = pack 'P Q', $data, length $data;
        my $message = pack 'Q L x4 P Q P Q l x4', 0, 0, $vector, 1, $control . "\0" x 8, $size, 0;
        $sent = syscall $SENDMSG, fileno CONNECTION, $message, 0;
        $sent = 0 if $sent < 0;
    }
    while ($sent < length $data) {
        my $more = syswrite CONNECTION, $data, length($data) - $sent, $sent;
        last if !defined $more;    # it was answered and closed already
        $sent += $more;
    }
    return split /\0/, receive(unpack 'N', receive(4)), -1;
}

$^F = -1;    # what is opened here is for no command that this becomes
my @fds = grep { -e "/proc/self/fd/$_" } 0, 1, 2;
socket(CONNECTION, 1, 1, 0) && connect(CONNECTION, pack 'S a*', 1, $SOCKET) or die_by(9);
my $cwd = readlink('/proc/self/cwd') // '/';
$cwd = '/' if !-d $cwd;
my @answer = ask(['call', join(',', @fds), 1 + @ARGV, $0, @ARGV, $cwd, map { "$_=$ENV{$_}" } keys %ENV], @fds);
exit $answer[1]    if $answer[0] eq 'exit';
die_by($answer[1]) if $answer[0] eq 'signal';
require $REST;
@answer = ask(['done', watch(@answer[1 .. $#answer])]) while $answer[0] eq 'watch';
become("%s: %s\n", $answer[1], @answer[1 .. $#answer]) if $answer[0] eq 'exec';
exit $answer[1];
