/*
 * subscribers PORT COUNT EVENTS SOURCES
 *
 * Many listeners of Server-Sent Events in one thread: opens streams, looks for markers in what comes, and keeps for
 * every listener and event when it came first. It reads one command a line and answers each with one line of JSON:
 *
 *   open FILE     opens all streams; FILE holds whole requests, separated by NUL, given out in turn.
 *                 Answers once every one has had its first bytes, or was refused or lost.
 *   clear         forgets all deliveries
 *   wait N MS     answers once N deliveries are there, or after MS milliseconds
 *   report        deliveries since `clear`, and how late they came, in microseconds
 *   drop          resets all connections at once
 *
 * It ends with its input. EVENTS is the number of different orders that it can tell apart; SOURCES the number of
 * loopback addresses it connects from, since one address has some 28,000 ports only.
 */
#include "marker.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_OPENING 128
#define OPEN_DEADLINE_NS 120000000000ull
#define BUFFER_BYTES (256 * 1024)

enum state { CLOSED, CONNECTING, ASKED, OPEN };

struct listener {
  int fd;
  enum state state;
  int kept;
  char tail[MARKER_BYTES];
};

static struct listener *listeners;
static uint32_t *late_us; /* [listener][event]: microseconds + 1; 0: not delivered */
static size_t count, events, sources;
static int port, poll_fd;
static uint64_t delivered, twice, lost, refused;

static char *requests[4096];
static size_t request_count;

static enum { IDLE, OPENING, WAITING } doing = IDLE;
static size_t next_to_open, opening, opened;
static uint64_t began_ns, deadline_ns, wanted;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void shut(struct listener *one) {
  /* A reset leaves no port behind in TIME_WAIT. */
  struct linger hard = {.l_onoff = 1, .l_linger = 0};
  setsockopt(one->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  close(one->fd);
  one->state = CLOSED;
}

static void gone(struct listener *one) {
  if (one->state != OPEN) {
    opening--;
    refused++;
  } else {
    lost++;
  }
  shut(one);
}

static void start(size_t i) {
  struct listener *one = &listeners[i];
  one->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (one->fd < 0) fail("socket");
  one->state = CONNECTING;
  one->kept = 0;
  opening++;
  int yes = 1;
  setsockopt(one->fd, SOL_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
  struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001u + (uint32_t)(i % sources))};
  if (bind(one->fd, (struct sockaddr *)&from, sizeof from) < 0) fail("bind");
  struct epoll_event watch = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.u64 = i};
  if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, one->fd, &watch) < 0) fail("epoll_ctl");
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(0x7f000001u)};
  if (connect(one->fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) gone(one);
}

static void start_more(void) {
  while (next_to_open < count && opening < MAX_OPENING) start(next_to_open++);
}

static void ask(size_t i) {
  const char *request = requests[i % request_count];
  size_t bytes = strlen(request);
  if (send(listeners[i].fd, request, bytes, MSG_NOSIGNAL) != (ssize_t)bytes) gone(&listeners[i]);
  else listeners[i].state = ASKED;
}

static void look(size_t i, const char *from, const char *end, uint64_t at_ns) {
  uint64_t order, sent_ns;
  const char *after;
  struct listener *one = &listeners[i];
  while ((after = read_marker(from, end, &order, &sent_ns))) {
    from = after;
    if (order >= events) continue;
    uint32_t *late = &late_us[i * events + order];
    if (*late) {
      twice++;
      continue;
    }
    *late = (uint32_t)((at_ns - sent_ns) / 1000) + 1;
    delivered++;
  }
  /* A marker may be cut by the end of what has come so far. */
  size_t rest = (size_t)(end - from);
  one->kept = (int)(rest < MARKER_BYTES - 1 ? rest : MARKER_BYTES - 1);
  memcpy(one->tail, end - one->kept, (size_t)one->kept);
}

static void hear(size_t i) {
  static char buffer[MARKER_BYTES + BUFFER_BYTES];
  struct listener *one = &listeners[i];
  for (;;) {
    char *from = buffer + MARKER_BYTES - one->kept;
    memcpy(from, one->tail, (size_t)one->kept);
    ssize_t got = recv(one->fd, buffer + MARKER_BYTES, BUFFER_BYTES, 0);
    if (got <= 0) {
      if (got == 0 || errno != EAGAIN) gone(one);
      return;
    }
    if (one->state == ASKED) {
      if (!strncmp(buffer + MARKER_BYTES, "HTTP/1.1 ", 9) && strncmp(buffer + MARKER_BYTES + 9, "200", 3)) {
        gone(one);
        return;
      }
      one->state = OPEN;
      opening--;
      opened++;
    }
    look(i, from, buffer + MARKER_BYTES + got, now_ns());
    if (got < BUFFER_BYTES) return;
  }
}

static void read_requests(const char *file) {
  int fd = open(file, O_RDONLY);
  off_t bytes = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
  if (bytes <= 0) fail(file);
  static char *text;
  text = realloc(text, (size_t)bytes + 1);
  if (pread(fd, text, (size_t)bytes, 0) != bytes) fail(file);
  close(fd);
  text[bytes] = 0;
  request_count = 0;
  for (char *one = text; one < text + bytes && request_count < 4096; one += strlen(one) + 1) requests[request_count++] = one;
}

static void report(void) {
  uint32_t *all = malloc((delivered + 1) * sizeof *all);
  uint32_t *own = malloc((events + 1) * sizeof *own);
  size_t total = 0;
  uint32_t slowest = 0;
  for (size_t i = 0; i < count; i++) {
    size_t mine = 0;
    for (size_t event = 0; event < events; event++) {
      uint32_t late = late_us[i * events + event];
      if (late) all[total++] = own[mine++] = late - 1;
    }
    qsort(own, mine, sizeof *own, by_size);
    uint32_t p99 = rank(own, mine, 0.99);
    if (p99 > slowest) slowest = p99;
  }
  qsort(all, total, sizeof *all, by_size);
  printf("{\"delivered\":%zu,\"twice\":%lu,\"lost\":%lu,\"medianUs\":%u,\"p99Us\":%u,\"maxUs\":%u,\"slowestP99Us\":%u}\n", total,
         (unsigned long)twice, (unsigned long)lost, rank(all, total, 0.5), rank(all, total, 0.99), rank(all, total, 1), slowest);
  free(all);
  free(own);
}

static void settle(void) {
  uint64_t at_ns = now_ns();
  if (doing == OPENING && (at_ns > deadline_ns || (next_to_open == count && opening == 0))) {
    printf("{\"opened\":%zu,\"refused\":%lu,\"ms\":%.1f}\n", opened, (unsigned long)refused, (double)(at_ns - began_ns) / 1e6);
    doing = IDLE;
  }
  if (doing == WAITING && (at_ns > deadline_ns || delivered >= wanted)) {
    printf("{\"delivered\":%lu}\n", (unsigned long)delivered);
    doing = IDLE;
  }
}

static void obey(char *line) {
  unsigned long number, ms;
  if (!strncmp(line, "open ", 5)) {
    read_requests(line + 5);
    doing = OPENING;
    next_to_open = opening = opened = refused = 0;
    began_ns = now_ns();
    deadline_ns = began_ns + OPEN_DEADLINE_NS;
  } else if (sscanf(line, "wait %lu %lu", &number, &ms) == 2) {
    doing = WAITING;
    wanted = number;
    deadline_ns = now_ns() + ms * 1000000ull;
  } else if (!strcmp(line, "clear")) {
    delivered = twice = lost = 0;
    madvise(late_us, count * events * sizeof *late_us, MADV_DONTNEED);
    puts("{}");
  } else if (!strcmp(line, "report")) {
    report();
  } else if (!strcmp(line, "drop")) {
    for (size_t i = 0; i < count; i++)
      if (listeners[i].state != CLOSED) shut(&listeners[i]);
    puts("{}");
  } else {
    printf("{\"error\":\"no such command\"}\n");
  }
}

static void read_commands(void) {
  static char text[4096];
  static size_t length;
  ssize_t got = read(0, text + length, sizeof text - 1 - length);
  if (got <= 0) exit(0);
  length += (size_t)got;
  text[length] = 0;
  char *end;
  while ((end = strchr(text, '\n'))) {
    *end = 0;
    obey(text);
    length -= (size_t)(end + 1 - text);
    memmove(text, end + 1, length + 1);
  }
}

int main(int argc, char **argv) {
  if (argc != 5) {
    fprintf(stderr, "subscribers PORT COUNT EVENTS SOURCES\n");
    return 2;
  }
  port = atoi(argv[1]);
  count = strtoul(argv[2], 0, 10);
  events = strtoul(argv[3], 0, 10);
  sources = strtoul(argv[4], 0, 10);
  setvbuf(stdout, 0, _IOLBF, 0);
  listeners = calloc(count, sizeof *listeners);
  late_us = mmap(0, count * events * sizeof *late_us, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  poll_fd = epoll_create1(0);
  if (!listeners || late_us == MAP_FAILED || poll_fd < 0) fail("memory");
  struct epoll_event commands = {.events = EPOLLIN, .data.u64 = UINT64_MAX};
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, 0, &commands);

  static struct epoll_event ready[512];
  for (;;) {
    int got = epoll_wait(poll_fd, ready, 512, doing == IDLE ? -1 : 10);
    for (int n = 0; n < got; n++) {
      if (ready[n].data.u64 == UINT64_MAX) {
        read_commands();
        continue;
      }
      size_t i = ready[n].data.u64;
      if (listeners[i].state == CONNECTING && ready[n].events & EPOLLOUT && !(ready[n].events & EPOLLERR)) ask(i);
      if (listeners[i].state != CLOSED && ready[n].events & (EPOLLIN | EPOLLRDHUP | EPOLLERR | EPOLLHUP)) hear(i);
    }
    if (doing == OPENING) start_more();
    if (doing != IDLE) settle();
  }
}
