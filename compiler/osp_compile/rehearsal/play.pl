#!/usr/bin/perl
# What a test of the suite runs: has the stage of a rehearsal play one trial, prints what is wrong, ends as the trial ends.
#
#   play.pl FOLDER LANE KIND SUBJECT
#
# A Python would take longer to start than many trials take to be played, and bash can speak to no socket.

use strict;
use warnings;
use Socket qw(AF_UNIX SOCK_STREAM pack_sockaddr_un);

my ($folder, $lane, @words) = @ARGV;
chdir $folder or die "there is no rehearsal in $folder: $!\n";
socket my $stage, AF_UNIX, SOCK_STREAM, 0 or die "no socket can be made: $!\n";
connect $stage, pack_sockaddr_un('stage') or die "the stage of $folder does not answer: $!\n";
syswrite $stage, join("\0", $lane, $folder, @words) . "\n";

# the stage has a limit for each trial, and closes the connection where it ends itself
my $said = '';
while (sysread $stage, $said, 65536, length $said) { }
my $end = rindex $said, "\0";
print $end < 0 ? $said : substr $said, 0, $end;
if ($end < 0) {
    print "the stage ended before the trial did\n";
    exit 1;
}
exit substr $said, $end + 1;
