/* The fan-out reference: as little work as a server can do that sends each subscriber each frame.
 *
 *   fanout DEVICES SUBSCRIBERS PAYLOAD_BYTES joined|single [PEM]
 *
 * `joined` writes all frames of a burst to a socket with one call, `single` makes a call for each frame.
 * With a PEM file of certificate and key it speaks TLS, where it was compiled with it.
 * Prints "port N", and "ready" once DEVICES x SUBSCRIBERS clients are there (GET /bench/DEVICE). Then takes lines:
 *   go BURSTS EACH          BURSTS times, each device tells EACH updates; prints "sent DELIVERIES"
 * Ends at the end of its input, or after ten minutes.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stream.h"

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void lift_file_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* Answer one handshake and return which device it asked for. The accept key is not what a browser would take. */
static int accept_client(int listener, struct stream *stream) {
    static const char answer[] =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: not-checked\r\n\r\n";
    char request[4096];
    size_t length = 0;
    int device = 0, one = 1;
    int fd = accept(listener, NULL, NULL);
    if (fd < 0) die("accept");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    stream_open(stream, fd);
    while (length < 4 || memcmp(request + length - 4, "\r\n\r\n", 4) != 0) {
        ssize_t got = stream_recv(stream, request + length, sizeof request - 1 - length);
        if (got <= 0) die("recv");
        length += (size_t)got;
    }
    request[length] = 0;
    if (sscanf(request, "GET /bench/%d", &device) != 1) { fprintf(stderr, "what is %s?\n", request); exit(1); }
    if (stream_send(stream, answer, sizeof answer - 1) < 0) die("send");
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return device;
}

static void write_all(struct stream *stream, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t written = stream_send(stream, bytes, length);
        if (written < 0) {
            struct pollfd full = {.fd = stream->fd, .events = POLLOUT};
            if (errno != EAGAIN && errno != EWOULDBLOCK) die("send");
            /* The reader is behind: the burst waits for it, as the hub's producer does. */
            poll(&full, 1, 30000);
            continue;
        }
        bytes += written;
        length -= (size_t)written;
    }
}

/* A text frame around a payload of the given length that tells the update's number. */
static size_t put_frame(char *out, size_t payload, long number) {
    size_t at = 2;
    char digits[32];
    out[0] = (char)0x81;
    if (payload < 126) {
        out[1] = (char)payload;
    } else {
        out[1] = 126;
        out[2] = (char)(payload >> 8);
        out[3] = (char)payload;
        at = 4;
    }
    int length = snprintf(digits, sizeof digits, "{\"power_w\":%ld}", number);
    memset(out + at, ' ', payload);
    memcpy(out + at, digits, (size_t)length < payload ? (size_t)length : payload);
    return at + payload;
}

int main(int argc, char **argv) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    char line[256];
    if (argc != 5 && argc != 6) { fprintf(stderr, "usage: fanout DEVICES SUBSCRIBERS PAYLOAD_BYTES joined|single [PEM]\n"); return 2; }
    if (argc == 6) stream_use_tls(argv[5]);
    int devices = atoi(argv[1]), subscribers = atoi(argv[2]), is_joined = strcmp(argv[4], "joined") == 0;
    size_t payload = (size_t)atoi(argv[3]);
    int *watching = calloc((size_t)devices, sizeof *watching);
    struct stream *streams = calloc((size_t)devices * (size_t)subscribers, sizeof *streams);
    long number = 0;
    alarm(600);
    lift_file_limit();
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, 1024) < 0) die("listen");
    getsockname(listener, (struct sockaddr *)&address, &size);
    printf("port %d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (int i = 0; i < devices * subscribers; i++) {
        struct stream stream;
        int device = accept_client(listener, &stream);
        if (device < 0 || device >= devices || watching[device] == subscribers) { fprintf(stderr, "no room\n"); return 1; }
        streams[device * subscribers + watching[device]++] = stream;
    }
    printf("ready\n");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL) {
        int bursts, each;
        if (sscanf(line, "go %d %d", &bursts, &each) != 2) { fprintf(stderr, "unknown: %s", line); return 2; }
        char *burst = malloc((payload + 16) * (size_t)each);
        for (int b = 0; b < bursts; b++) {
            for (int device = 0; device < devices; device++) {
                size_t length = 0;
                struct stream *to = streams + device * subscribers;
                for (int n = 0; n < each; n++) {
                    size_t frame = put_frame(burst + length, payload, number++ % 10000);
                    if (!is_joined)
                        for (int s = 0; s < subscribers; s++) write_all(&to[s], burst + length, frame);
                    length += frame;
                }
                if (is_joined)
                    for (int s = 0; s < subscribers; s++) write_all(&to[s], burst, length);
            }
        }
        free(burst);
        printf("sent %ld\n", (long)bursts * each * devices * subscribers);
        fflush(stdout);
    }
    return 0;
}
