#!/usr/bin/perl
# The network probe of `swarmctl bench`: answers messages, and measures how long answers take.
#
#   probe serve port=24789                     answers TCP and UDP until it is ended
#   probe latency address=10.0.1.2 port=24789 rate=2000 rounds=10 messages=1000 warm-up=100 sizes=64,1024 turn=0 turns=2
#                 (delay=1: begins after one second)
#   probe connect address=10.0.1.2 port=24789 count=100
#   probe lookup name=web count=100
#   probe mtu address=10.0.1.2 port=24789
#   probe bulk address=10.0.1.2 port=24789 bytes=1000000
#   probe noise seconds=1
#
# Each but the first ends with one line of JSON on stdout, `{"error":"…"}` when there is nothing to tell. Times are in
# microseconds of the monotonic clock, which nobody sets back.
#
# It is written in Perl because perl-base is part of every Debian: the probe image needs no compiler and no download.
use strict;
use warnings;
use Errno qw(EAGAIN EINPROGRESS ECONNREFUSED EMSGSIZE);
use Fcntl qw(F_GETFL F_SETFL O_NONBLOCK);
use POSIX ();
use Socket qw(:all);

# clock_gettime(2), as perl-base has no Time::HiRes, and prctl(2).
my %calls = (x86_64 => [228, 157], aarch64 => [113, 167], riscv64 => [113, 167], ppc64le => [246, 171], s390x => [260, 172]);
my ($clock_call, $prctl) = @{ $calls{ (POSIX::uname())[4] } or failed('this processor is not known to the probe') };
my $timespec = pack 'qq', 0, 0;
# A sleeper is woken when it is due, not when it suits the kernel within the next 50 µs (PR_SET_TIMERSLACK, in ns).
syscall $prctl, 29, 1;

# How long to wait for a server that is about to start, and for one that does not answer at all.
my $connect_us = 3e6;
# How long answers to the last messages are waited for.
my $grace_us = 2e6;
# A sleeper is woken late: the last part of each wait is spent looking at the clock.
my $spin_us = 120;

my ($command, @arguments) = @ARGV;
my %option   = map { split /=/, $_, 2 } @arguments;
my %commands = (
  serve   => \&serve,
  latency => \&latency,
  connect => \&connect_times,
  lookup  => \&lookup_times,
  mtu     => \&path_mtu,
  bulk    => \&bulk,
  noise   => sub { print noise($option{seconds} * 1e6), "\n" },
);
$| = 1;
$SIG{PIPE} = 'IGNORE';
my $work = $commands{ $command // '' } or failed('no such command');
eval { $work->(); 1 } or failed($@);

# --- Answering -----------------------------------------------------------------------------------------------------

# A process for each connection, so that no client waits for another one's messages.
sub serve {
  my $udp = bound(SOCK_DGRAM);
  my $tcp = bound(SOCK_STREAM);
  listen($tcp, 128) or failed("$!");
  $SIG{CHLD} = 'IGNORE';
  my $both = bits_of($udp) | bits_of($tcp);
  while (1) {
    next if select(my $ready = $both, undef, undef, undef) <= 0;
    echo_sizes($udp) if vec($ready, fileno $udp, 1);
    echo_stream($tcp) if vec($ready, fileno $tcp, 1);
  }
}

# To the port of all addresses, of IPv6 as well where the kernel has it.
sub bound {
  my ($type) = @_;
  my $any = pack_sockaddr_in6($option{port}, IN6ADDR_ANY);
  my $socket;
  if (!socket($socket, PF_INET6, $type, 0)) {
    $any = pack_sockaddr_in($option{port}, INADDR_ANY);
    socket($socket, PF_INET, $type, 0) or failed("$!");
  }
  setsockopt($socket, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1) if $type == SOCK_STREAM;
  bind($socket, $any) or failed("port $option{port}: $!");
  return $socket;
}

# Only the size goes back: the way there is probed, not the way back.
sub echo_sizes {
  my ($udp) = @_;
  my $from = recv($udp, my $datagram, 65536, 0);
  send($udp, pack('N', length $datagram), 0, $from) if defined $from;
}

sub echo_stream {
  my ($tcp) = @_;
  accept(my $connection, $tcp) or return;
  return if fork;
  setsockopt($connection, IPPROTO_TCP, TCP_NODELAY, 1);
  while (sysread $connection, my $bytes, 65536) { write_all($connection, $bytes) }
  exit;
}

sub write_all {
  my ($socket, $bytes) = @_;
  while (length $bytes) {
    my $written = syswrite $socket, $bytes or exit;
    substr $bytes, 0, $written, '';
  }
}

# --- Latency -------------------------------------------------------------------------------------------------------

# An open loop: when each message is due is settled before the first is sent, and its latency counts from then. An
# answer that is late delays no other message, and a stall is counted by every message that was due meanwhile.
# Clients on one node that take turns send in turn, by the clock that they share.
sub latency {
  my $interval = 1e6 / $option{rate};
  my @sizes    = split /,/, $option{sizes};
  select undef, undef, undef, $option{delay} if $option{delay};
  my $socket = connected();
  my (@due, @size, @round);
  my $length = @sizes * ($option{'warm-up'} + $option{messages}) * $interval;
  my $period = $length * $option{turns};
  my $start  = now() + 1e4;
  # The next turn of this client.
  $start += $period - ($start - $option{turn} * $length) % $period if $option{turns} > 1;
  for my $round (0 .. $option{rounds} - 1) {
    my $at = $start + $round * $period;
    for my $size (@sizes) {
      for my $index (1 .. $option{'warm-up'} + $option{messages}) {
        push @due,   $at;
        push @size,  $size;
        push @round, $index > $option{'warm-up'} ? "$size/$round" : undef;
        $at += $interval;
      }
    }
  }
  my $noise = begin_noise($due[-1] - now());
  my $latencies = exchange($socket, \@due, \@size);
  my %rounds;
  for my $number (0 .. $#due) {
    push @{ $rounds{ $round[$number] } }, $latencies->[$number] if defined $round[$number];
  }
  my @told = map {
    my ($size, $round) = split m{/};
    sprintf '{"bytes":%d,"round":%d,"latencies":[%s]}', $size, $round,
      join ',', map { defined $_ ? sprintf '%.1f', $_ : 'null' } @{ $rounds{$_} };
  } sort keys %rounds;
  printf "{\"rounds\":[%s],\"noise\":%s}\n", join(',', @told), scalar <$noise>;
}

# Sends each message when it is due; gives the time from then to its answer, undef where none came. What the probe does
# meanwhile counts as well: between a message and its answer it does as little as it can.
sub exchange {
  my ($socket, $due, $size) = @_;
  my ($out, $in, $sent, $answered) = ('', '', 0, 0);
  my @latencies;
  my $last = $#$due;
  my $bits = bits_of($socket);
  while ($answered <= $last) {
    my $now = now();
    # No answer can come that would be missed.
    if ($answered == $sent && $due->[$sent] - $now <= $spin_us) { $now = now() while $now < $due->[$sent] }
    if ($sent <= $last && $now >= $due->[$sent]) {
      $out .= pack 'NNa*', $size->[$sent], $sent, "\0" x ($size->[$sent] - 8);
      $sent++;
    }
    if (length $out) {
      my $written = syswrite $socket, $out;
      substr $out, 0, $written, '' if defined $written;
      failed("the connection broke after $answered answers: $!") if !defined $written && $! != EAGAIN;
    }
    my $wait = ($sent <= $last ? $due->[$sent] : $due->[$last] + $grace_us) - $now;
    last if $sent > $last && $wait <= 0;
    next if select(my $ready = $bits, undef, undef, $wait > 2 * $spin_us ? ($wait - $spin_us) / 1e6 : 0) <= 0;
    my $read = sysread $socket, $in, 65536, length $in;
    $now = now();
    next if !defined $read && $! == EAGAIN;
    failed("the connection broke after $answered answers: " . (defined $read ? 'the server closed it' : $!)) if !$read;
    while (length $in >= 8) {
      my ($length, $number) = unpack 'NN', $in;
      failed('the server answers what was not asked') if $number >= $sent || $length != $size->[$number];
      last if length $in < $length;
      substr $in, 0, $length, '';
      failed('the server answers twice') if defined $latencies[$number];
      $latencies[$number] = $now - $due->[$number];
      $answered++;
    }
  }
  $#latencies = $last;
  return \@latencies;
}

# --- The other measurements ----------------------------------------------------------------------------------------

sub connect_times {
  close connected();    # The server may be about to start.
  print_times(sub { close connect_once($connect_us) });
}

sub lookup_times {
  print_times(sub { gethostbyname $option{name} or failed("no address of $option{name} was found") });
}

sub print_times {
  my ($work) = @_;
  my @times = map { my $start = now(); $work->(); sprintf '%.1f', now() - $start } 1 .. $option{count};
  printf "{\"times\":[%s]}\n", join ',', @times;
}

# The largest packet that arrives undivided, headers included: datagrams that must not be divided, of which the kernel
# may not know better (IP_PMTUDISC_PROBE), by halving what is in question.
sub path_mtu {
  my $to = destination();
  my ($level, $mtu_discover, $headers, $least) =
    $to->{family} == AF_INET6 ? (IPPROTO_IPV6, 23, 48, 1280) : (IPPROTO_IP, 10, 28, 576);
  my ($pmtudisc_probe, $largest) = (3, 65_535);
  socket(my $socket, $to->{family}, SOCK_DGRAM, 0) or failed("$!");
  setsockopt($socket, $level, $mtu_discover, $pmtudisc_probe) or failed("$!");
  connect($socket, $to->{addr}) or failed("$!");
  my $interface = interface_mtu($socket);
  my $timeout = 1e6;
  my $passes = sub {
    my ($size) = @_;
    for my $attempt (1 .. 3) {
      my $begun = now();
      if (!defined send($socket, "\0" x ($size - $headers), 0)) {
        return 0 if $! == EMSGSIZE;
        next;    # A refusal of an earlier datagram.
      }
      my $left;
      while (($left = $begun + $timeout - now()) > 0) {
        last if !readable($socket, $left) || !defined recv($socket, my $answer, 16, 0);
        next if length $answer != 4 || unpack('N', $answer) != $size - $headers;    # A late one of another size.
        my $round_trip = now() - $begun;
        $timeout = 4 * $round_trip + 2e5 if 4 * $round_trip + 2e5 < $timeout;
        return 1;
      }
    }
    return 0;
  };
  failed('datagrams are not answered') if !$passes->($least);
  my $most = $interface < $largest ? $interface : $largest;
  my ($good, $bad) = ($least, $most + 1);
  $good = $most if $passes->($most);
  while ($bad - $good > 1) {
    my $middle = int(($good + $bad) / 2);
    if ($passes->($middle)) { $good = $middle } else { $bad = $middle }
  }
  print "{\"interface\":$interface,\"path\":$good}\n";
}

# The MTU of the interface that has the socket's own address (netdevice(7)); that of the route may be what the kernel has
# learnt of the path already.
sub interface_mtu {
  my ($socket) = @_;
  my ($siocgifmtu, $ip_mtu, $ipv6_mtu) = (0x8921, 14, 24);
  my $own = getsockname $socket;
  my $is_v6 = sockaddr_family($own) == AF_INET6;
  my $name = $is_v6 ? interface_of_v6((unpack_sockaddr_in6 $own)[1]) : interface_of($socket, (unpack_sockaddr_in $own)[1]);
  my $request = pack 'a16x24', $name // '';
  return unpack 'x16i', $request if defined $name && ioctl($socket, $siocgifmtu, $request);
  return unpack 'i', $is_v6 ? getsockopt($socket, IPPROTO_IPV6, $ipv6_mtu) : getsockopt($socket, IPPROTO_IP, $ip_mtu);
}

sub interface_of {
  my ($socket, $own) = @_;
  my $siocgifaddr = 0x8915;
  open my $devices, '<', '/proc/net/dev' or failed("$!");
  for (<$devices>) {
    my ($name) = /^\s*(\S+):/ or next;
    my $request = pack 'a16x24', $name;
    return $name if ioctl($socket, $siocgifaddr, $request) && substr($request, 20, 4) eq $own;
  }
  return;
}

sub interface_of_v6 {
  my $own = unpack 'H*', $_[0];
  open my $addresses, '<', '/proc/net/if_inet6' or failed("$!");
  my ($line) = grep { /^$own/ } <$addresses>;
  return ($line // '') =~ /(\S+)$/ ? $1 : undef;
}

# As much as there and back again: full segments, as large as the connection thinks that they may be.
sub bulk {
  my $socket = connected();
  my ($unsent, $missing) = ("\0" x $option{bytes}, $option{bytes});
  my $start = now();
  my $end = $start + 5e6;
  while ($missing > 0) {
    failed(($option{bytes} - $missing) . " of $option{bytes} bytes came back in 5 s") if now() > $end;
    if (length $unsent) {
      my $written = syswrite $socket, $unsent, 65536;
      substr $unsent, 0, $written, '' if defined $written;
    }
    next if !readable($socket, length $unsent ? 1e3 : 1e5);
    my $read = sysread $socket, my $bytes, 65536;
    $missing -= $read if $read;
    failed('the server closed the connection') if defined $read && $read == 0;
  }
  printf "{\"microseconds\":%.0f}\n", now() - $start;
}

# --- Noise ---------------------------------------------------------------------------------------------------------

# A sampler beside what the caller does; its line can be read when its time is over.
sub begin_noise {
  my ($length) = @_;
  my $process = open(my $line, '-|') // failed("$!");
  return $line if $process;
  print noise($length);
  exit;
}

# How late a sleeper is woken (p99), the share of the time that the hypervisor gave to others, and the other runnable
# tasks per core.
sub noise {
  my ($length) = @_;
  my ($end, $look, $nap) = (now() + $length, 0, 2e3);
  my (@lags, @runnable);
  my ($steal, $total, undef, $cores) = processors();
  while ((my $now = now()) < $end || !@lags) {
    if ($now >= $look) {
      push @runnable, (processors())[2] - 1;
      $look = $now + 5e4;
      $now = now();
    }
    select undef, undef, undef, $nap / 1e6;
    push @lags, now() - $now - $nap;
  }
  my ($steal_after, $total_after) = processors();
  my $passed = $total_after - $total || 1;
  my $load = 0;
  $load += $_ / @runnable / $cores for @runnable;
  @lags = sort { $a <=> $b } @lags;
  return sprintf '{"lag":%.1f,"steal":%.4f,"load":%.2f}', $lags[POSIX::ceil(0.99 * @lags) - 1],
    ($steal_after - $steal) / $passed, $load;
}

# proc(5): clock ticks that were stolen, of all; runnable tasks; cores.
sub processors {
  open my $file, '<', '/proc/stat' or failed("$!");
  local $/;
  my $text = <$file>;
  my ($all) = $text =~ /^cpu +(.*)/m;
  my @ticks = split / /, $all;
  my $total = 0;
  $total += $_ for @ticks[0 .. 7];
  my ($runnable) = $text =~ /^procs_running (\d+)/m;
  my $cores = () = $text =~ /^cpu\d/mg;
  return ($ticks[7], $total, $runnable, $cores);
}

# --- Sockets and the clock -----------------------------------------------------------------------------------------

# One that refuses may be about to start.
sub connected {
  my $end = now() + $connect_us;
  while (1) {
    my $socket = eval { connect_once($end - now()) };
    return $socket if $socket;
    die $@ if now() >= $end || $! != ECONNREFUSED;
    select undef, undef, undef, 0.05;
  }
}

# Dies when it is refused.
sub connect_once {
  my ($wait) = @_;
  my $to = destination();
  socket(my $socket, $to->{family}, SOCK_STREAM, 0) or failed("$!");
  fcntl($socket, F_SETFL, fcntl($socket, F_GETFL, 0) | O_NONBLOCK) or failed("$!");
  setsockopt($socket, IPPROTO_TCP, TCP_NODELAY, 1);
  if (!connect($socket, $to->{addr})) {
    refused("$!") if $! != EINPROGRESS;
    my $bits = bits_of($socket);
    select(undef, $bits, undef, $wait / 1e6) or refused("no answer");
    $! = unpack 'i', getsockopt($socket, SOL_SOCKET, SO_ERROR);
    refused("$!") if $!;
  }
  return $socket;
}

# The number of the error stays in $!.
sub refused {
  my ($reason) = @_;
  my $number = $! + 0;
  my $text = "no connection to $option{address}:$option{port}: $reason\n";
  $! = $number;
  die $text;
}

# Of IPv4 or IPv6.
sub destination {
  my ($error, $found) = getaddrinfo($option{address}, $option{port}, { flags => AI_NUMERICHOST });
  failed("$option{address} is no address") if $error;
  return $found;
}

sub readable {
  my ($socket, $microseconds) = @_;
  my $bits = bits_of($socket);
  return select($bits, undef, undef, $microseconds / 1e6) > 0;
}

sub bits_of { my ($socket) = @_; my $bits = ''; vec($bits, fileno $socket, 1) = 1; return $bits }

sub now {
  syscall $clock_call, 1, $timespec;
  my ($seconds, $nanoseconds) = unpack 'qq', $timespec;
  return $seconds * 1e6 + $nanoseconds / 1e3;
}

sub failed {
  my ($reason) = @_;
  $reason =~ s/\s+$//;
  $reason =~ s/["\\\n]/ /g;
  print "{\"error\":\"$reason\"}\n";
  exit 1;
}
