# Runs a program as the leader of a session on a new pseudo-terminal, as a terminal window does, and obeys lines on
# standard input:
#   write HEX   types these bytes
#   close       closes the terminal
#   size COLUMNS ROWS   changes the window's size; the kernel then sends SIGWINCH
#   kill NAME   sends the program a signal
# What the program prints goes to standard output; file descriptor 3 gets "modes FLAGS" and "pid N" at the start, and
# "modes FLAGS" and "exit CODE SIGNAL" at the end. The window begins with the size in COLUMNS and LINES, or with 120 by 40. Perl, because every Debian and Ubuntu has it (perl-base is essential there) and Node cannot open a
# pseudo-terminal without an addon.
use strict;
use warnings;
use Fcntl qw(O_RDWR O_NOCTTY);
use POSIX qw(:sys_wait_h :errno_h);

# From asm-generic/ioctls.h: the same on amd64 and arm64.
use constant { TIOCSPTLCK => 0x40045431, TIOCGPTN => 0x80045430, TIOCSWINSZ => 0x5414, TIOCSCTTY => 0x540E };

sysopen(my $master, '/dev/ptmx', O_RDWR | O_NOCTTY) or die "ptmx: $!";
my ($unlocked, $number) = (pack('i', 0), pack('i', 0));
ioctl($master, TIOCSPTLCK, $unlocked) or die "unlock: $!";
ioctl($master, TIOCGPTN, $number) or die "number: $!";
resize($ENV{COLUMNS} // 120, $ENV{LINES} // 40);
my $name = '/dev/pts/' . unpack('i', $number);

open(my $status, '>&=', 3) or die "status: $!";
tell_modes();

my $pid = fork() // die "fork: $!";
if ($pid == 0) {
  close $master;
  POSIX::setsid();
  sysopen(my $terminal, $name, O_RDWR) or die "$name: $!";
  ioctl($terminal, TIOCSCTTY, 0);
  POSIX::dup2(fileno($terminal), $_) for 0 .. 2;
  POSIX::close($_) for 3 .. 63;
  exec { $ARGV[0] } @ARGV or POSIX::_exit(127);
}

syswrite($status, "pid $pid\n");
my ($commands, $open) = ('', 1);
while (waitpid($pid, WNOHANG) == 0) {
  my $reads = '';
  vec($reads, fileno(STDIN), 1) = 1 if defined $commands;
  vec($reads, fileno($master), 1) = 1 if $open;
  next if select($reads, undef, undef, 0.05) <= 0;
  show() if $open && vec($reads, fileno($master), 1);
  if (defined $commands && vec($reads, fileno(STDIN), 1)) {
    if (!sysread(STDIN, $commands, 4096, length $commands)) { $commands = undef; next }
    obey($1) while $commands =~ s/^(.*)\n//;
  }
}
my $result = $?;
while ($open) {
  my $reads = '';
  vec($reads, fileno($master), 1) = 1;
  last if select($reads, undef, undef, 0.2) <= 0 || !show();
}
tell_modes() if $open;
syswrite($status, sprintf("exit %d %d\n", $result >> 8, $result & 127));

# EIO: no process has the other end open any more.
sub show {
  my $read = sysread($master, my $bytes, 65536);
  if (!$read) { tell_modes(); $open = 0; close $master; return 0 }
  syswrite(STDOUT, $bytes);
  return 1;
}

sub obey {
  my ($verb, $value, $rows) = split / /, $_[0];
  if ($verb eq 'write' && $open) { syswrite($master, pack('H*', $value)) }
  elsif ($verb eq 'close' && $open) {
    $open = 0;
    close $master;
    # The kernel signals only the session's leader. A shell there would signal its jobs, each with all its processes.
    kill 'HUP', -$pid;
  }
  elsif ($verb eq 'size' && $open) { resize($value, $rows) }
  elsif ($verb eq 'kill') { kill $value, $pid }
}

# The line discipline's flags, such as echo and canonical input; Linux shows the terminal's own also at this end.
sub tell_modes {
  my $modes = POSIX::Termios->new;
  $modes->getattr(fileno($master)) or die "modes: $!";
  syswrite($status, join(' ', 'modes', map({ $modes->$_ } qw(getiflag getoflag getcflag getlflag))) . "\n");
}

sub resize {
  my ($columns, $rows) = @_;
  my $size = pack('S4', $rows, $columns, 0, 0);
  ioctl($master, TIOCSWINSZ, $size) or die "size: $!";
}
