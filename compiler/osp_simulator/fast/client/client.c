// What every simulated tool's name leads to, where the machine has a C compiler: hands the call and its descriptors to
// the world. client.pl says the same in perl, whose start alone takes longer than all that is done here; its head has the
// messages. What few calls need stands in rest.pl, which this becomes.

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define REST "/usr/bin/.client_rest"
#define SOCKET "/run/osp-sim/socket"
#define NOW "/usr/bin/.now"

extern char **environ;

static char *message;
static size_t size, room;

static void add(const char *text) {
  size_t length = strlen(text) + 1;
  while (size + length > room) {
    room = room ? 2 * room : 16384;
    message = realloc(message, room);
    if (!message) _exit(70);
  }
  memcpy(message + size, text, length);
  size += length;
}

static void die_by(int number) {
  signal(number, SIG_DFL);
  kill(getpid(), number);
  _exit(128 + number);
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
  ssize_t more = sendmsg(to, &header, MSG_NOSIGNAL);
  for (size_t sent = 0; more > 0 && (sent += more) < size;) more = send(to, message + sent, size - sent, MSG_NOSIGNAL);
  // where it could not be sent whole it was answered, and closed, already
}

static void receive(int from, void *into, size_t bytes) {
  for (char *place = into; bytes;) {
    ssize_t got = read(from, place, bytes);
    if (got < 0 && errno == EINTR) continue;  // a signal that somebody handles
    if (got <= 0) die_by(SIGKILL);            // the world ended, or this host went down
    place += got;
    bytes -= got;
  }
}

// The rest: /usr/bin/.client_rest CONNECTION WORD...
static void become_rest(int connection, char *answer, size_t bytes) {
  char number[12];
  char **words = calloc(bytes + 5, sizeof *words);
  if (!words) _exit(70);
  int count = 0;
  snprintf(number, sizeof number, "%d", connection);
  words[count++] = REST;
  words[count++] = number;
  for (size_t at = 0; at <= bytes; at += strlen(answer + at) + 1) words[count++] = answer + at;
  execv(REST, words);
  _exit(70);
}

// `date +%s`, which scripts ask ten times in a step, is read from a file.
static void tell_time(void) {
  char now[32];
  int file = open(NOW, O_RDONLY);
  ssize_t bytes = file < 0 ? 0 : read(file, now, sizeof now);
  if (bytes > 0) _exit(write(1, now, bytes) == bytes ? 0 : 1);
}

int main(int argc, char **argv) {
  if (argc == 2 && !strcmp(argv[0], "date") && !strcmp(argv[1], "+%s")) tell_time();
  struct sockaddr_un place = {AF_UNIX, SOCKET};
  char open_ones[8] = "", number[12], here[4096];
  int fds[3], count = 0;
  for (int fd = 0; fd < 3; fd++) {
    if (fcntl(fd, F_GETFD) < 0) continue;
    snprintf(open_ones + strlen(open_ones), 4, "%s%d", count ? "," : "", fd);
    fds[count++] = fd;
  }
  int connection = socket(AF_UNIX, SOCK_STREAM, 0);
  if (connection < 0 || connect(connection, (struct sockaddr *)&place, sizeof place)) die_by(SIGKILL);

  snprintf(number, sizeof number, "%d", argc);
  add("len");  // four bytes: the length comes here
  add("call");
  add(open_ones);
  add(number);
  for (int at = 0; at < argc; at++) add(argv[at]);
  add(getcwd(here, sizeof here) ? here : "/");
  for (char **pair = environ; *pair; pair++) add(*pair);
  size--;  // NULs stand between fields
  uint32_t length = size - 4;
  for (int at = 0; at < 4; at++) message[at] = length >> (24 - 8 * at);
  send_all(connection, fds, count);

  unsigned char head[4];
  receive(connection, head, sizeof head);
  size_t bytes = (size_t)head[0] << 24 | head[1] << 16 | head[2] << 8 | head[3];
  char *answer = malloc(bytes + 1);
  if (!answer) _exit(70);
  receive(connection, answer, bytes);
  answer[bytes] = 0;
  if (!strcmp(answer, "exit")) _exit(atoi(answer + sizeof "exit"));
  if (!strcmp(answer, "signal")) die_by(atoi(answer + sizeof "signal"));
  become_rest(connection, answer, bytes);
}
