#!/usr/bin/perl
# `simulator WORDS...` of the suites, where a Python stands ready for it: ready.pl PLACE WORDS..., with its socket in that folder.

use strict;
use warnings;
use Socket qw(AF_UNIX SOCK_STREAM pack_sockaddr_un);
use Cwd    qw(getcwd);

my ($place, @words) = @ARGV;
opendir my $folder, $place or die "there is no folder $place: $!\n";
socket my $ready, AF_UNIX, SOCK_STREAM, 0 or die "no socket can be made: $!\n";
# a socket's path has to be short
connect $ready, pack_sockaddr_un('/proc/self/fd/' . fileno($folder) . '/ready') or die "the Python that stood ready is gone: $!\n";
my $payload = join "\0", $$, -t STDIN ? 1 : 0, getcwd, scalar @words, @words, map { "$_=$ENV{$_}" } keys %ENV;
my $request = pack('N', length $payload) . $payload;
while (length $request) {
    my $sent = syswrite $ready, $request;
    die "the Python that stood ready does not listen: $!\n" if !$sent;
    substr $request, 0, $sent, '';
}
my $said = '';
while (sysread $ready, $said, 65536, length $said) { }
my ($word, @answer) = split /\0/, substr($said, 4), -1;
if ($word eq 'exec') {
    $^F = 255;    # what is opened now goes along into the sandbox
    open my $filter, '<', "$words[1]/run/no-network" or die "the world $words[1] has no filter: $!\n";
    my ($at) = grep { $answer[$_] eq '--seccomp' } 0 .. $#answer;
    $answer[$at + 1] = fileno $filter;
    $SIG{INT} = $SIG{QUIT} = 'IGNORE' if -t STDIN;    # Ctrl-C is for what runs inside
    exec { $answer[0] } @answer;
}
die "no answer came\n" if $word ne 'exit';
print $answer[1];
print STDERR $answer[2];
exit $answer[0];
