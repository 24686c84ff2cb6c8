#!/usr/bin/perl
# Tries the ports of a swarm between machines: listens on them, and sends to those of the others until all have answered.
# Usage: port-probe.pl SECONDS LISTEN NAME=ADDRESS...
# LISTEN is 1, or 0 on a machine whose engine has the ports already.
# Prints `busy PROTOCOL PORT` for a port that another program has, and `ok NAME PROTOCOL PORT` for one that answered.
use strict;
use warnings;
use IO::Select;
use IO::Socket::IP;

my ($seconds, $listen, @peers) = @ARGV;
my @ports = (['tcp', 2377], ['tcp', 7946], ['udp', 7946], ['udp', 4789]);
my ($question, $answer) = ('swarmctl?', 'swarmctl!');
# Seconds until it is tried again: the clock of Perl alone has whole ones.
my $again = 1;
$| = 1;
local $SIG{PIPE} = sub { exit };

my $select = IO::Select->new;
my %kind;

sub watch {
    my ($socket, @what) = @_;
    $socket->blocking(0);
    $select->add($socket);
    $kind{$socket} = [@what];
}

sub listen_on {
    my ($protocol, $port) = @_;
    my %options = $protocol eq 'tcp' ? (Listen => 64, ReuseAddr => 1) : ();
    my $all = grep({ /=.*:/ } @peers) ? '::' : '0.0.0.0';
    my $socket = IO::Socket::IP->new(LocalHost => $all, LocalPort => $port, Proto => $protocol, V6Only => 0, %options);
    return print("busy $protocol $port\n") unless $socket;
    watch($socket, $protocol eq 'tcp' ? 'accept' : 'answer');
}

# A connection that is made says enough: on a manager, the engine itself listens.
sub try_tcp {
    my ($what) = @_;
    my $socket = IO::Socket::IP->new(PeerHost => $what->{address}, PeerPort => $what->{port}, Proto => 'tcp', Blocking => 0);
    return unless $socket;
    $what->{socket} = $socket;
    watch($socket, 'connected', $what);
}

sub try_udp {
    my ($what) = @_;
    unless ($what->{socket}) {
        $what->{socket} = IO::Socket::IP->new(PeerHost => $what->{address}, PeerPort => $what->{port}, Proto => 'udp') or return;
        watch($what->{socket}, 'answered', $what);
    }
    $what->{socket}->send($question);
}

sub forget {
    my ($socket) = @_;
    $select->remove($socket);
    delete $kind{$socket};
    close $socket;
}

sub done {
    my ($what) = @_;
    print "ok $what->{name} $what->{protocol} $what->{port}\n";
    $what->{done} = 1;
}

sub take {
    my ($socket) = @_;
    my ($does, $what) = @{ $kind{$socket} };
    if ($does eq 'accept') {
        my $accepted = $socket->accept or return;
        close $accepted;
    }
    elsif ($does eq 'answer') {
        my $from = $socket->recv(my $text, 64) // return;
        $socket->send($answer, 0, $from) if $text eq $question;
    }
    elsif ($does eq 'answered') {
        defined $socket->recv(my $text, 64) or return;
        done($what) if $text eq $answer && !$what->{done};
    }
}

# A connection that is being made can be written to when it is made, or has failed.
sub settle {
    my ($socket) = @_;
    my ($does, $what) = @{ $kind{$socket} // [] };
    return unless ($does // '') eq 'connected';
    done($what) if !$what->{done} && defined $socket->peerport;
    forget($socket);
    delete $what->{socket};
}

if ($listen) { listen_on(@$_) for @ports }
my @wanted = map {
    my ($name, $address) = split /=/, $_, 2;
    map { { name => $name, address => $address, protocol => $_->[0], port => $_->[1], next => 0 } } @ports
} @peers;

my $end = time + $seconds;
my $alive = time + 1;
while (time < $end) {
    for my $what (grep { !$_->{done} && $_->{next} <= time } @wanted) {
        $what->{next} = time + $again;
        if ($what->{protocol} eq 'udp') { try_udp($what) }
        elsif (!$what->{socket}) { try_tcp($what) }
        elsif (($what->{tries}++ % 3) == 2) { forget(delete $what->{socket}) }
    }
    my $writing = IO::Select->new(grep { $kind{$_}[0] eq 'connected' } $select->handles);
    my ($readable, $writable) = IO::Select->select($select, $writing, undef, 0.1);
    settle($_) for @{ $writable // [] };
    for my $socket (@{ $readable // [] }) { take($socket) if $kind{$socket} }
    # Whoever started this may be gone: writing to nobody ends it.
    if (time >= $alive) { print "alive\n"; $alive = time + 1 }
}
