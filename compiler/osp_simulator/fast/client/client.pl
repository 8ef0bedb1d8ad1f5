#!/usr/bin/perl
# What every simulated tool's name leads to: hands the call and its descriptors to the world.
#
# Runs inside the sandboxes at each call, so it is without modules: even strict would cost a fifth of its time. Where the
# machine has a C compiler client.c stands in its place. What few calls need stands in rest.pl, which this becomes.
#
# The message is NUL-separated after a length of 4 bytes: which descriptors follow, number of arguments, arguments, cwd,
# environment. The answer likewise: `exit N`, `signal N`, `exec ARGV...`, or `watch FOREGROUND KEY=VALUE ARGV...` (run
# ARGV, report its wait status, ask again).

my $REST    = '/usr/bin/.client_rest';
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

# this very file is open as well, and takes the place of one that is closed
my @fds = grep { (readlink("/proc/self/fd/$_") // '/.client') !~ m{/\.client$} } 0, 1, 2;
$^F = 255;    # the connection goes along to the rest
socket(CONNECTION, 1, 1, 0) && connect(CONNECTION, pack 'S a*', 1, $SOCKET) or die_by(9);
my $cwd = readlink('/proc/self/cwd') // '/';
$cwd = '/' if !-d $cwd;
my @answer = ask(['call', join(',', @fds), 1 + @ARGV, $0, @ARGV, $cwd, map { "$_=$ENV{$_}" } keys %ENV], @fds);
exit $answer[1]    if $answer[0] eq 'exit';
die_by($answer[1]) if $answer[0] eq 'signal';
exec {$REST} $REST, fileno(CONNECTION), @answer;
exit 70;
