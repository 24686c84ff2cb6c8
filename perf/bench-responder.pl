# Answers each message on a TCP port a fixed time after it came, however many wait: a network of a known length.
#   perl bench-responder.pl <port> <microseconds>
use strict;
use warnings;
use POSIX ();
use Socket qw(:all);

my ($port, $wait) = @ARGV;
# clock_gettime(2), as in tools/probe.pl: perl-base has no Time::HiRes.
my %clock_calls = (x86_64 => 228, aarch64 => 113);
my $clock_call  = $clock_calls{ (POSIX::uname())[4] };
my $timespec    = pack 'qq', 0, 0;
my $spin        = 100;

sub now {
  syscall $clock_call, 1, $timespec;
  my ($seconds, $nanoseconds) = unpack 'qq', $timespec;
  return $seconds * 1e6 + $nanoseconds / 1e3;
}

socket(my $server, PF_INET, SOCK_STREAM, 0) or die $!;
setsockopt($server, SOL_SOCKET, SO_REUSEADDR, 1);
bind($server, pack_sockaddr_in($port, INADDR_ANY)) or die $!;
listen($server, 8) or die $!;
$SIG{CHLD} = 'IGNORE';
while (accept my $client, $server) {
  next if fork;
  setsockopt($client, IPPROTO_TCP, TCP_NODELAY, 1);
  my @queue;
  vec(my $readable = '', fileno $client, 1) = 1;
  while (1) {
    my $left = @queue ? $queue[0][0] - now() : 1e6;
    if ($left <= 0) {
      syswrite $client, (shift @queue)->[1];
      next;
    }
    my $seconds = $left > $spin ? ($left - $spin) / 1e6 : 0;
    next if select(my $ready = $readable, undef, undef, $seconds) <= 0;
    sysread($client, my $bytes, 65536) or exit;
    push @queue, [now() + $wait, $bytes];
  }
}
