/* The load: N WebSocket clients in one thread, which counts what comes in and answers nothing.
 *
 *   client [tls:]PORT CONNECTIONS DEVICES PATH [FIRST [PROTOCOL]]
 *                           PATH may have one %d, filled with FIRST (or 0) + the connection's number modulo DEVICES;
 *                           PROTOCOL is the sub-protocol that is asked for; tls: where it was compiled with it
 *
 * Prints "connected N". Then takes lines on standard input:
 *   count FRAMES            read until that many data frames have come; prints "received FRAMES SECONDS BYTES"
 *   ping ROUNDS TEXT        each connection sends TEXT and waits for one data frame, ROUNDS times; prints the same;
 *                           a %d in TEXT is filled as in PATH, here and below
 *   pace PER_S COUNT TEXT   sends TEXT so often a second over all connections in turn, whether or not answers come, and
 *                           times each answer, one data frame; prints "held COUNT SECONDS P50_MS P99_MS"
 *   answer FRAMES TEXT      sends TEXT back for each data frame, until that many have come; prints as count
 *   held FRAMES             as count, where each payload begins with {"sent_ns": and 20 digits of CLOCK_MONOTONIC;
 *                           prints "held FRAMES SECONDS P50_MS P99_MS"
 *   marks MESSAGES          as count, for protocols whose frames hold several messages or parts of one: counts the
 *                           payload bytes that are "{", so each message has to hold exactly one
 *   say HEX                 each connection sends a binary frame of these bytes; NNN is filled with the three digits of
 *                           what fills a %d, each as its byte; prints "said"
 *   drain                   throw away what has come so far; prints "drained FRAMES"
 * Ends at the end of its input, when a connection is lost ("lost ..."), or after ten minutes.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "stream.h"

#define CHUNK (256 * 1024)
#define STAMP_AT 11
#define STAMP_END 31
#define SLOWEST_US 5000000
#define ASKED 4096

/* Where a connection stands within the stream of server frames. */
struct connection {
    struct stream stream;
    unsigned char head[10];
    int head_length;
    uint64_t skip; /* bytes of the current payload still to come */
    long rounds;   /* pings still to send */
    int number;    /* what fills a %d */
    double *asked; /* when the questions that wait for an answer were sent: a ring of ASKED */
    long asked_first, asked_count;
    int stamped;   /* how much of the stamp has come */
    char stamp[STAMP_END + 1];
};

static struct connection *connections;
static int count;
static int poller;
static char chunk[CHUNK];
static uint64_t bytes;
static int counts_marks; /* whether "{" bytes are counted, not frames */
static unsigned *delays; /* how many frames took so many microseconds; NULL when nobody asks */

static void die(const char *what) {
    perror(what);
    exit(1);
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void lift_file_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void write_all(struct stream *stream, const char *text, size_t length) {
    while (length > 0) {
        ssize_t written = stream_send(stream, text, length);
        if (written < 0) die("send");
        text += written;
        length -= (size_t)written;
    }
}

static void open_connection(struct connection *connection, int port, const char *path, const char *protocol) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    char request[1024], answer[4096];
    size_t length = 0;
    int one = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) die("socket");
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) die("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    stream_open(&connection->stream, fd);
    snprintf(request, sizeof request,
             "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n%s%s%s\r\n",
             path, port, *protocol ? "Sec-WebSocket-Protocol: " : "", protocol, *protocol ? "\r\n" : "");
    write_all(&connection->stream, request, strlen(request));
    /* One byte at a time, so that nothing of the first frame is taken: this part is not measured. */
    while (length < 4 || memcmp(answer + length - 4, "\r\n\r\n", 4) != 0) {
        if (length == sizeof answer - 1) { fprintf(stderr, "answer too long\n"); exit(1); }
        if (stream_recv(&connection->stream, answer + length, 1) != 1) die("handshake");
        length++;
    }
    answer[length] = 0;
    if (strncmp(answer, "HTTP/1.1 101", 12) != 0) { fprintf(stderr, "refused: %s", answer); exit(1); }
    fcntl(fd, F_SETFL, O_NONBLOCK);
}

/* Keep what there is of a frame's stamp; once it is whole, count how long the frame was on its way. */
static void keep_stamp(struct connection *connection, const unsigned char *at, uint64_t length, double now) {
    for (; length > 0 && connection->stamped < STAMP_END; length--) connection->stamp[connection->stamped++] = (char)*at++;
    if (connection->stamped == STAMP_END) {
        connection->stamp[STAMP_END] = 0;
        double delay_us = now * 1e6 - (double)strtoll(connection->stamp + STAMP_AT, NULL, 10) / 1e3;
        delays[delay_us < 0 ? 0 : delay_us >= SLOWEST_US ? SLOWEST_US - 1 : (long)delay_us]++;
        connection->stamped = STAMP_END + 1;
    }
}

static double share_ms(double share, long total) {
    long below = 0;
    for (long us = 0; us < SLOWEST_US; us++) {
        below += delays[us];
        if ((double)below >= share * (double)total) return (double)us / 1e3;
    }
    return SLOWEST_US / 1e3;
}

/* Return how many data frames ended in these bytes. */
static long parse(struct connection *connection, const unsigned char *at, size_t length) {
    long frames = 0;
    double now = delays != NULL ? seconds() : 0;
    while (length > 0) {
        if (connection->skip > 0) {
            uint64_t step = connection->skip < length ? connection->skip : length;
            if (delays != NULL && connection->stamped < STAMP_END) keep_stamp(connection, at, step, now);
            if (counts_marks)
                for (const unsigned char *mark = at; (mark = memchr(mark, '{', step - (uint64_t)(mark - at))) != NULL; mark++) frames++;
            connection->skip -= step;
            at += step;
            length -= step;
            if (connection->skip == 0 && !counts_marks) frames += (connection->head[0] & 0x0f) < 8;
            continue;
        }
        if (connection->head_length == 0 || connection->head_length < 2 ||
            (connection->head[1] == 126 && connection->head_length < 4) ||
            (connection->head[1] == 127 && connection->head_length < 10)) {
            connection->head[connection->head_length++] = *at++;
            length--;
        }
        if (connection->head_length < 2) continue;
        uint64_t size = connection->head[1];
        if (size == 126) {
            if (connection->head_length < 4) continue;
            size = (uint64_t)connection->head[2] << 8 | connection->head[3];
        } else if (size == 127) {
            if (connection->head_length < 10) continue;
            size = 0;
            for (int i = 2; i < 10; i++) size = size << 8 | connection->head[i];
        }
        if ((connection->head[0] & 0x0f) == 8) {
            printf("lost: closed by the server: %.*s\n", length > 2 ? (int)(length < size ? length : size) - 2 : 0, at + 2);
            fflush(stdout);
            exit(1);
        }
        connection->head_length = 0;
        connection->stamped = 0;
        connection->skip = size;
        if (size == 0 && !counts_marks) frames += (connection->head[0] & 0x0f) < 8;
    }
    return frames;
}

/* Read what one connection has; return how many data frames ended. */
static long take(struct connection *connection) {
    long frames = 0;
    for (;;) {
        ssize_t got = stream_recv(&connection->stream, chunk, sizeof chunk);
        if (got > 0) {
            bytes += (uint64_t)got;
            frames += parse(connection, (unsigned char *)chunk, (size_t)got);
            /* TLS gives record by record, and keeps what it has taken off the socket. */
            if ((size_t)got < sizeof chunk && connection->stream.tls == NULL) return frames;
        } else if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            return frames;
        } else if (got < 0 && errno == EINTR) {
            continue;
        } else {
            printf("lost: connection %d\n", (int)(connection - connections));
            fflush(stdout);
            exit(1);
        }
    }
}

/* Write TEXT or PATH with its %d filled. */
static void fill(char *out, size_t room, const char *text, int number) {
    const char *hole = strstr(text, "%d");
    if (hole != NULL)
        snprintf(out, room, "%.*s%d%s", (int)(hole - text), text, number, hole + 2);
    else
        snprintf(out, room, "%s", text);
}

/* A masked text frame; the mask is zero, which RFC 6455 allows and costs the server the same. */
static size_t frame(char *out, const char *pattern, int number) {
    char text[8192];
    fill(text, sizeof text, pattern, number);
    size_t length = strlen(text), at = 2;
    out[0] = (char)0x81;
    if (length < 126) {
        out[1] = (char)(0x80 | length);
    } else {
        out[1] = (char)(0x80 | 126);
        out[2] = (char)(length >> 8);
        out[3] = (char)length;
        at = 4;
    }
    memset(out + at, 0, 4);
    memcpy(out + at + 4, text, length);
    return at + 4 + length;
}

/* Send the bytes that a hexadecimal text tells, NNN being the digits of the connection's number. */
static void say(struct connection *connection, const char *hex) {
    char bytes[4096], out[4110], digits[16];
    size_t length = 0, at = 2;
    snprintf(digits, sizeof digits, "%03d", connection->number);
    while (*hex && length + 3 < sizeof bytes) {
        unsigned byte;
        if (strncmp(hex, "NNN", 3) == 0) {
            memcpy(bytes + length, digits, 3);
            length += 3;
            hex += 3;
        } else if (sscanf(hex, "%2x", &byte) == 1) {
            bytes[length++] = (char)byte;
            hex += 2;
        } else {
            fprintf(stderr, "no hex: %s\n", hex);
            exit(2);
        }
    }
    out[0] = (char)0x82;
    out[1] = (char)(0x80 | (length < 126 ? length : 126));
    if (length >= 126) {
        out[2] = (char)(length >> 8);
        out[3] = (char)length;
        at = 4;
    }
    memset(out + at, 0, 4);
    memcpy(out + at + 4, bytes, length);
    write_all(&connection->stream, out, at + 4 + length);
}

/* Read until so many frames have come; where there is a TEXT, send it again for each as long as rounds are left. */
static void receive(long expected, const char *text) {
    struct epoll_event events[512];
    char message[8300];
    long received = 0;
    double begin = seconds();
    bytes = 0;
    while (received < expected) {
        int ready = epoll_wait(poller, events, 512, 30000);
        if (ready == 0) { printf("lost: %ld of %ld after 30 s of silence\n", received, expected); fflush(stdout); exit(1); }
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            long frames = take(connection);
            received += frames;
            if (text != NULL && connection->rounds > 0) {
                size_t length = frame(message, text, connection->number);
                for (; frames > 0 && connection->rounds > 0; frames--, connection->rounds--)
                    write_all(&connection->stream, message, length);
            }
        }
    }
    if (delays != NULL)
        printf("held %ld %.6f %.3f %.3f\n", received, seconds() - begin, share_ms(0.5, received), share_ms(0.99, received));
    else
        printf("received %ld %.6f %llu\n", received, seconds() - begin, (unsigned long long)bytes);
    fflush(stdout);
}

static void count_delay(struct connection *connection, double now) {
    if (connection->asked_count == 0) return; /* a stream's frame, or a greeting */
    double delay_us = (now - connection->asked[connection->asked_first]) * 1e6;
    connection->asked_first = (connection->asked_first + 1) % ASKED;
    connection->asked_count--;
    delays[delay_us < 0 ? 0 : delay_us >= SLOWEST_US ? SLOWEST_US - 1 : (long)delay_us]++;
}

static void pace(long per_s, long expected, const char *text) {
    struct epoll_event events[512];
    char message[8300];
    long sent = 0, received = 0;
    double begin = seconds(), last = begin;
    unsigned *kept = calloc(SLOWEST_US, sizeof *kept);
    for (int i = 0; i < count; i++) {
        if (connections[i].asked == NULL) connections[i].asked = calloc(ASKED, sizeof *connections[i].asked);
        connections[i].asked_first = connections[i].asked_count = 0;
    }
    while (received < expected) {
        double now = seconds();
        for (; sent < expected && begin + (double)sent / (double)per_s <= now; sent++) {
            struct connection *connection = &connections[sent % count];
            if (connection->asked_count == ASKED) { printf("lost: too far behind\n"); fflush(stdout); exit(1); }
            connection->asked[(connection->asked_first + connection->asked_count++) % ASKED] = now;
            write_all(&connection->stream, message, frame(message, text, connection->number));
        }
        int ready = epoll_wait(poller, events, 512, 1);
        now = seconds();
        if (ready > 0) last = now;
        if (now - last > 30) { printf("lost: %ld of %ld after 30 s of silence\n", received, expected); fflush(stdout); exit(1); }
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            long frames = take(connection);
            received += frames;
            delays = kept;
            for (; frames > 0; frames--) count_delay(connection, now);
            delays = NULL;
        }
    }
    delays = kept;
    printf("held %ld %.6f %.3f %.3f\n", received, seconds() - begin, share_ms(0.5, received), share_ms(0.99, received));
    fflush(stdout);
    delays = NULL;
    free(kept);
}

int main(int argc, char **argv) {
    char line[8192], message[8300], path[512], *text;
    if (argc < 5 || argc > 7) { fprintf(stderr, "usage: client [tls:]PORT CONNECTIONS DEVICES PATH [FIRST [PROTOCOL]]\n"); return 2; }
    int is_tls = strncmp(argv[1], "tls:", 4) == 0, port = atoi(argv[1] + (is_tls ? 4 : 0));
    int devices = atoi(argv[3]), first = argc > 5 ? atoi(argv[5]) : 0;
    if (is_tls) stream_use_tls(NULL);
    alarm(600);
    lift_file_limit();
    count = atoi(argv[2]);
    connections = calloc((size_t)count, sizeof *connections);
    poller = epoll_create1(0);
    for (int i = 0; i < count; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[i]};
        connections[i].number = first + i % devices;
        fill(path, sizeof path, argv[4], connections[i].number);
        open_connection(&connections[i], port, path, argc == 7 ? argv[6] : "");
        epoll_ctl(poller, EPOLL_CTL_ADD, connections[i].stream.fd, &event);
    }
    printf("connected %d\n", count);
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = 0;
        if (strncmp(line, "count ", 6) == 0) {
            receive(atol(line + 6), NULL);
        } else if (strncmp(line, "marks ", 6) == 0) {
            counts_marks = 1;
            receive(atol(line + 6), NULL);
        } else if (strncmp(line, "say ", 4) == 0) {
            for (int i = 0; i < count; i++) say(&connections[i], line + 4);
            printf("said\n");
            fflush(stdout);
        } else if (strncmp(line, "held ", 5) == 0) {
            delays = calloc(SLOWEST_US, sizeof *delays);
            receive(atol(line + 5), NULL);
            free(delays);
            delays = NULL;
        } else if (strncmp(line, "ping ", 5) == 0) {
            long rounds = strtol(line + 5, &text, 10);
            text += *text == ' ';
            for (int i = 0; i < count; i++) {
                connections[i].rounds = rounds - 1;
                write_all(&connections[i].stream, message, frame(message, text, connections[i].number));
            }
            receive(rounds * count, text);
        } else if (strncmp(line, "answer ", 7) == 0) {
            long frames = strtol(line + 7, &text, 10);
            for (int i = 0; i < count; i++) connections[i].rounds = frames;
            receive(frames, text + (*text == ' '));
        } else if (strncmp(line, "pace ", 5) == 0) {
            long per_s = strtol(line + 5, &text, 10), asked = strtol(text, &text, 10);
            pace(per_s, asked, text + (*text == ' '));
        } else if (strcmp(line, "drain") == 0) {
            long frames = 0;
            for (int i = 0; i < count; i++) frames += take(&connections[i]);
            printf("drained %ld\n", frames);
            fflush(stdout);
        } else {
            fprintf(stderr, "unknown: %s\n", line);
            return 2;
        }
    }
    return 0;
}
