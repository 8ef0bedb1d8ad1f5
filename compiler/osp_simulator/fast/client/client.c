// What every simulated tool's name leads to, where the machine has a C compiler: hands the call and its descriptors to
// the world. client.pl says the same in perl, whose start alone takes longer than all that is done here; its head has the
// messages. What few calls need stands in rest.pl, which this becomes.
//
// There is no C library in it: on a virtual machine, what glibc asks the processor when it starts takes five times as
// long as all of this.

#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

#define REST "/usr/bin/.client_rest"
#define SOCKET "/run/osp-sim/socket"
#define NOW "/usr/bin/.now"
#define CALL(name, ...) CALL_(__NR_##name, __VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define CALL_(number, a, b, c, d, e, f, ...) \
  system_call(number, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

#if defined(__x86_64__)
__asm__(".globl _start\n_start: mov %rsp, %rdi\nand $-16, %rsp\ncall begin");
static long system_call(long number, long a, long b, long c, long d, long e, long f) {
  register long fourth __asm__("r10") = d, fifth __asm__("r8") = e, sixth __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "+a"(number)
                   : "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth), "r"(sixth)
                   : "rcx", "r11", "memory");
  return number;
}
#elif defined(__aarch64__)
__asm__(".globl _start\n_start: mov x0, sp\nbl begin");
static long system_call(long number, long a, long b, long c, long d, long e, long f) {
  register long which __asm__("x8") = number, first __asm__("x0") = a, second __asm__("x1") = b;
  register long third __asm__("x2") = c, fourth __asm__("x3") = d, fifth __asm__("x4") = e, sixth __asm__("x5") = f;
  __asm__ volatile("svc 0"
                   : "+r"(first)
                   : "r"(which), "r"(second), "r"(third), "r"(fourth), "r"(fifth), "r"(sixth)
                   : "memory");
  return first;
}
#else
#error "client.pl does on other processors"
#endif

static char *message;
static size_t size;

static void leave(int status) {
  for (;;) CALL(exit_group, status);
}

static void die_by(int number) {
  long by_default[4] = {0};  // as the kernel has a sigaction: handler, flags, restorer, mask
  CALL(rt_sigaction, number, by_default, 0, 8);
  CALL(kill, CALL(getpid, 0), number);
  leave(128 + number);
}

// (the compiler may make calls of these two by itself)
void *memcpy(void *to, const void *from, size_t bytes) {
  for (size_t at = 0; at < bytes; at++) ((volatile char *)to)[at] = ((const char *)from)[at];
  return to;
}

void *memset(void *to, int value, size_t bytes) {
  for (size_t at = 0; at < bytes; at++) ((volatile char *)to)[at] = value;
  return to;
}

static size_t length_of(const char *text) {
  size_t length = 0;
  while (text[length]) length++;
  return length;
}

static int same(const char *one, const char *other) {
  while (*one && *one == *other) one++, other++;
  return *one == *other;
}

static int number_in(const char *text) {
  int number = 0;
  while (*text >= '0' && *text <= '9') number = 10 * number + *text++ - '0';
  return number;
}

// The digits of a number, which end where `end` points.
static char *digits(unsigned number, char *end) {
  *end = 0;
  do *--end = '0' + number % 10;
  while (number /= 10);
  return end;
}

static void *memory(size_t bytes) {
  long place = CALL(mmap, 0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
  if (place < 0 && place > -4096) leave(70);
  return (void *)place;
}

static void add(const char *text) {
  size_t length = length_of(text) + 1;
  memcpy(message + size, text, length);
  size += length;
}

static void send_all(int to, const int *fds, int count) {
  union {
    char bytes[CMSG_SPACE(3 * sizeof(int))];
    struct cmsghdr aligned;
  } control;
  struct iovec vector = {message, size};
  struct msghdr header = {.msg_iov = &vector, .msg_iovlen = 1};
  if (count) {
    header.msg_control = control.bytes;
    header.msg_controllen = CMSG_SPACE(count * sizeof(int));
    struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(rights), fds, count * sizeof(int));
  }
  long more = CALL(sendmsg, to, &header, MSG_NOSIGNAL);
  for (size_t sent = 0; more > 0 && (sent += more) < size;)
    more = CALL(sendto, to, message + sent, size - sent, MSG_NOSIGNAL);
  // where it could not be sent whole it was answered, and closed, already
}

static void receive(int from, void *into, size_t bytes) {
  for (char *place = into; bytes;) {
    long got = CALL(read, from, place, bytes);
    if (got == -EINTR) continue;    // a signal that somebody handles
    if (got <= 0) die_by(SIGKILL);  // the world ended, or this host went down
    place += got;
    bytes -= got;
  }
}

// The rest: /usr/bin/.client_rest CONNECTION WORD...
static void become_rest(int connection, char *answer, size_t bytes, char **environment) {
  char number[12];
  char **words = memory((bytes + 5) * sizeof *words);
  int count = 0;
  words[count++] = REST;
  words[count++] = digits(connection, number + 11);
  for (size_t at = 0; at <= bytes; at += length_of(answer + at) + 1) words[count++] = answer + at;
  CALL(execve, REST, words, environment);
  leave(70);
}

// `date +%s`, which scripts ask ten times in a step, is read from a file.
static void tell_time(void) {
  char now[32];
  long file = CALL(openat, AT_FDCWD, NOW, O_RDONLY);
  long bytes = file < 0 ? 0 : CALL(read, file, now, sizeof now);
  if (bytes > 0) leave(CALL(write, 1, now, bytes) == bytes ? 0 : 1);
}

__attribute__((used)) static void begin(long *stack) {
  int argc = stack[0];
  char **argv = (char **)(stack + 1), **environment = argv + argc + 1;
  if (argc == 2 && same(argv[0], "date") && same(argv[1], "+%s")) tell_time();
  struct sockaddr_un place = {AF_UNIX, SOCKET};
  char open_ones[8] = "", number[12], here[4096];
  int fds[3], count = 0;
  for (int fd = 0; fd < 3; fd++) {
    if (CALL(fcntl, fd, F_GETFD) < 0) continue;
    char *end = open_ones + length_of(open_ones);
    if (count) *end++ = ',';
    *end++ = '0' + fd;
    *end = 0;
    fds[count++] = fd;
  }
  int connection = CALL(socket, AF_UNIX, SOCK_STREAM, 0);
  if (connection < 0 || CALL(connect, connection, &place, sizeof place)) die_by(SIGKILL);

  size_t room = sizeof here + 64;
  for (int at = 0; at < argc; at++) room += length_of(argv[at]) + 1;
  for (char **pair = environment; *pair; pair++) room += length_of(*pair) + 1;
  message = memory(room);
  add("len");  // four bytes: the length comes here
  add("call");
  add(open_ones);
  add(digits(argc, number + 11));
  for (int at = 0; at < argc; at++) add(argv[at]);
  add(CALL(getcwd, here, sizeof here) > 0 ? here : "/");
  for (char **pair = environment; *pair; pair++) add(*pair);
  size--;  // NULs stand between fields
  uint32_t length = size - 4;
  for (int at = 0; at < 4; at++) message[at] = length >> (24 - 8 * at);
  send_all(connection, fds, count);

  unsigned char head[4];
  receive(connection, head, sizeof head);
  size_t bytes = (size_t)head[0] << 24 | head[1] << 16 | head[2] << 8 | head[3];
  char *answer = memory(bytes + 1);
  receive(connection, answer, bytes);
  if (same(answer, "exit")) leave(number_in(answer + sizeof "exit"));
  if (same(answer, "signal")) die_by(number_in(answer + sizeof "signal"));
  become_rest(connection, answer, bytes, environment);
}
