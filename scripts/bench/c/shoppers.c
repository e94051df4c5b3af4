/*
 * shoppers PORT CONNECTIONS SECONDS WARM RATE PRODUCTS HOT SEED
 *
 * Orders by HTTP over so many kept connections, in one thread. RATE 0: each connection orders again as soon as it has
 * its answer. Otherwise RATE orders a second are due at even distances, whether or not earlier ones are answered, and
 * each is timed from when it was due, so that a server that stalls is not spared the orders it did not take.
 *
 * Each order has two or three lines of different products out of 1 … PRODUCTS; half of the lines ask for one of the
 * first HOT. The first WARM of the SECONDS are for warming up, and are not counted. Writes one line of JSON: what was
 * answered how, and how late, in microseconds; those that were placed and those that were refused apart.
 */
#include "marker.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define ANSWER_BYTES (64 * 1024)
/* What is answered later than this after the end counts as not answered. */
#define GRACE_NS 3000000000ull

struct connection {
  int fd;
  int dialling;
  int busy;
  int closes; /* the server says that it will close the connection after this answer */
  uint64_t due_ns;
  size_t got;
  char answer[ANSWER_BYTES];
};

static struct connection *connections;
static size_t count, in_flight;
static int port, poll_fd;
static uint32_t products, hot;
static uint64_t state, seed;
static uint32_t next_order;
static uint64_t counted_from_ns, first_ns, last_ns;
static uint32_t *late_us, *refused_us;
static size_t answered, refused, room, other;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

/* xorshift64*: the same orders for the same seed. */
static uint32_t draw(uint32_t below) {
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return (uint32_t)((state * 2685821657736338717ull) >> 32) % below;
}

static uint32_t draw_product(const uint32_t *taken, int already) {
  for (;;) {
    uint32_t product = 1 + draw(hot && draw(2) ? hot : products);
    int known = 0;
    for (int i = 0; i < already; i++) known |= taken[i] == product;
    if (!known) return product;
  }
}

static void order(struct connection *one, uint64_t due_ns) {
  char body[1024], request[2048], marker[MARKER_BYTES + 1];
  uint32_t taken[3];
  write_marker(marker, next_order, due_ns);
  int length = sprintf(body, "{\"name\":\"Camille %s\",\"email\":\"camille@msp.example\",\"lines\":[", marker);
  int lines = 2 + (int)draw(2);
  for (int i = 0; i < lines; i++) {
    taken[i] = draw_product(taken, i);
    length += sprintf(body + length, "%s{\"productId\":%u,\"quantity\":%u}", i ? "," : "", taken[i], 1 + draw(3));
  }
  length += sprintf(body + length, "]}");
  int bytes = sprintf(request,
                      "POST /orders HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
                      "Idempotency-Key: bench-%lx-%x\r\nContent-Length: %d\r\n\r\n%s",
                      (unsigned long)seed, next_order, length, body);
  next_order++;
  one->busy = 1;
  one->due_ns = due_ns;
  one->got = 0;
  in_flight++;
  /* Should the server have closed it just now, the next look at it finds out. */
  if (send(one->fd, request, (size_t)bytes, MSG_NOSIGNAL) != bytes && errno != EPIPE && errno != ECONNRESET) fail("send");
}

/* Whether the answer is all there. */
static int is_whole(struct connection *one) {
  one->answer[one->got] = 0;
  char *end = strstr(one->answer, "\r\n\r\n");
  if (!end) return 0;
  *end = 0;
  char *length = strcasestr(one->answer, "\ncontent-length:");
  one->closes = strcasestr(one->answer, "\nconnection: close") != NULL;
  int chunked = !length && strcasestr(one->answer, "\ntransfer-encoding: chunked");
  *end = '\r';
  size_t head = (size_t)(end + 4 - one->answer);
  if (length) return one->got >= head + strtoul(length + 16, 0, 10);
  return !chunked || (one->got >= head + 5 && !memcmp(one->answer + one->got - 5, "0\r\n\r\n", 5));
}

static void note(struct connection *one) {
  uint64_t at_ns = now_ns();
  int status = one->got > 12 ? atoi(one->answer + 9) : 0;
  one->busy = 0;
  in_flight--;
  if (one->due_ns < counted_from_ns) return;
  uint32_t late = (uint32_t)((at_ns - one->due_ns) / 1000);
  if (status != 201) {
    other++;
    if (status == 503 && refused < room) refused_us[refused++] = late;
    return;
  }
  if (answered < room) late_us[answered++] = late;
  last_ns = at_ns;
}

static void dial(struct connection *one) {
  one->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (one->fd < 0) fail("socket");
  one->dialling = 1;
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(0x7f000001u)};
  int yes = 1;
  setsockopt(one->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  /* A server with too much to do lets its callers wait; nobody else waits with them. */
  if (connect(one->fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) fail("connect");
  struct epoll_event watch = {.events = EPOLLIN | EPOLLOUT, .data.u64 = (uint64_t)(one - connections)};
  if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, one->fd, &watch) < 0) fail("epoll_ctl");
}

static void dial_again(struct connection *one) {
  close(one->fd);
  dial(one);
}

/* True when the connection is free for its next order. */
static int hear(struct connection *one) {
  if (one->dialling) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(one->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    errno = error;
    if (error) fail("connect");
    one->dialling = 0;
    struct epoll_event watch = {.events = EPOLLIN, .data.u64 = (uint64_t)(one - connections)};
    epoll_ctl(poll_fd, EPOLL_CTL_MOD, one->fd, &watch);
    return !one->busy;
  }
  ssize_t got = recv(one->fd, one->answer + one->got, ANSWER_BYTES - 1 - one->got, 0);
  if (got > 0) {
    one->got += (size_t)got;
    if (!is_whole(one)) return 0;
    note(one);
    if (!one->closes) return 1;
    dial_again(one);
    return 0;
  }
  dial_again(one);
  if (one->busy) {
    /* Closed with no answer. */
    one->got = 0;
    note(one);
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc != 9) {
    fprintf(stderr, "shoppers PORT CONNECTIONS SECONDS WARM RATE PRODUCTS HOT SEED\n");
    return 2;
  }
  port = atoi(argv[1]);
  count = strtoul(argv[2], 0, 10);
  double seconds = atof(argv[3]), warm = atof(argv[4]), rate = atof(argv[5]);
  products = (uint32_t)atoi(argv[6]);
  hot = (uint32_t)atoi(argv[7]);
  state = seed = strtoul(argv[8], 0, 10) * 2 + 1;
  room = (size_t)(seconds * (rate > 0 ? rate + 1 : 100000));
  connections = calloc(count, sizeof *connections);
  late_us = malloc(room * sizeof *late_us);
  refused_us = malloc(room * sizeof *refused_us);
  if (!connections || !late_us || !refused_us) fail("memory");
  poll_fd = epoll_create1(0);
  for (size_t i = 0; i < count; i++) dial(&connections[i]);

  uint64_t began_ns = now_ns(), end_ns = began_ns + (uint64_t)(seconds * 1e9);
  counted_from_ns = began_ns + (uint64_t)(warm * 1e9);
  first_ns = counted_from_ns;

  int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  uint64_t step_ns = rate > 0 ? (uint64_t)(1e9 / rate) : 0, next_due_ns = began_ns;
  if (rate > 0) {
    struct itimerspec every = {.it_interval.tv_sec = (time_t)(step_ns / 1000000000u), .it_interval.tv_nsec = (long)(step_ns % 1000000000u), .it_value.tv_nsec = 1};
    timerfd_settime(timer, 0, &every, 0);
    struct epoll_event watch = {.events = EPOLLIN, .data.u64 = UINT64_MAX};
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, timer, &watch);
  }

  static struct epoll_event ready[512];
  for (;;) {
    int got = epoll_wait(poll_fd, ready, 512, 100);
    uint64_t at_ns = now_ns();
    for (int n = 0; n < got; n++) {
      if (ready[n].data.u64 == UINT64_MAX) {
        uint64_t ticks;
        if (read(timer, &ticks, sizeof ticks) < 0 && errno != EAGAIN) fail("timer");
        continue;
      }
      struct connection *one = &connections[ready[n].data.u64];
      if (hear(one) && rate == 0 && at_ns < end_ns) order(one, now_ns());
    }
    if (rate > 0) {
      /* The first that is free, as programs do that keep connections: no more are used than are needed. */
      for (size_t i = 0; i < count && next_due_ns <= at_ns && next_due_ns < end_ns; i++) {
        struct connection *one = &connections[i];
        if (one->busy || one->dialling) continue;
        order(one, next_due_ns);
        next_due_ns += step_ns;
      }
    }
    int all_sent = rate > 0 ? next_due_ns >= end_ns : at_ns >= end_ns;
    if ((all_sent && in_flight == 0) || at_ns > end_ns + GRACE_NS) break;
  }

  qsort(late_us, answered, sizeof *late_us, by_size);
  qsort(refused_us, refused, sizeof *refused_us, by_size);
  uint64_t due = rate > 0 ? (end_ns - counted_from_ns) / step_ns : 0;
  double counted = (double)(last_ns > first_ns ? last_ns - first_ns : 1) / 1e9;
  printf("{\"sent\":%u,\"due\":%lu,\"placed\":%zu,\"other\":%zu,\"perSecond\":%.1f,\"medianUs\":%u,\"p99Us\":%u,\"maxUs\":%u,\"refused\":%zu,\"refusedP99Us\":%u}\n", next_order,
         (unsigned long)due, answered, other, (double)answered / counted, rank(late_us, answered, 0.5), rank(late_us, answered, 0.99),
         rank(late_us, answered, 1), refused, rank(refused_us, refused, 0.99));
  return 0;
}
