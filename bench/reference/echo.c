/* The echo and relay reference: an epoll loop that gives every text or binary frame back to its sender, or on to the
 * other end where the handshake's path names a pair.
 *
 *   echo                    path /pair/N/a or /pair/N/b: what a sends goes to b, and back; N below 1000
 *
 * Prints "port N". Takes any WebSocket handshake. Ends when its standard input ends, or after ten minutes.
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
#include <unistd.h>

#define ROOM 65536

struct connection {
    int fd;
    int is_open;
    int pair, end; /* which pair, and which end of it; pair is -1 for an echo */
    size_t length;
    unsigned char buffer[ROOM];
};

#define PAIRS 1000
static struct connection *ends[PAIRS][2];

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void write_all(int fd, const unsigned char *bytes, size_t length) {
    while (length > 0) {
        ssize_t written = send(fd, bytes, length, MSG_NOSIGNAL);
        if (written < 0) die("send");
        bytes += written;
        length -= (size_t)written;
    }
}

/* Answer the handshake or every whole frame in the buffer; keep the rest. */
static void answer(struct connection *connection) {
    static const char handshake[] =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: not-checked\r\n\r\n";
    unsigned char out[ROOM + 16];
    size_t at = 0, filled = 0;
    if (!connection->is_open) {
        if (memmem(connection->buffer, connection->length, "\r\n\r\n", 4) == NULL) return;
        const char *named = memmem(connection->buffer, connection->length, "/pair/", 6);
        connection->pair = -1;
        if (named != NULL) {
            int pair = atoi(named + 6);
            const char *end = memchr(named + 6, '/', 5);
            if (pair >= 0 && pair < PAIRS && end != NULL) {
                connection->pair = pair;
                connection->end = end[1] == 'b';
                ends[pair][connection->end] = connection;
            }
        }
        write_all(connection->fd, (const unsigned char *)handshake, sizeof handshake - 1);
        connection->is_open = 1;
        connection->length = 0;
        return;
    }
    while (connection->length - at >= 6) {
        unsigned char *frame = connection->buffer + at;
        size_t size = frame[1] & 0x7f, head = 2;
        if (size == 126) {
            size = (size_t)frame[2] << 8 | frame[3];
            head = 4;
        }
        if (connection->length - at < head + 4 + size) break;
        const unsigned char *mask = frame + head, *payload = frame + head + 4;
        memcpy(out + filled, frame, head);
        out[filled + 1] &= 0x7f;
        for (size_t i = 0; i < size; i++) out[filled + head + i] = payload[i] ^ mask[i & 3];
        filled += head + size;
        at += head + 4 + size;
    }
    struct connection *other = connection->pair < 0 ? connection : ends[connection->pair][!connection->end];
    if (filled > 0 && other != NULL) write_all(other->fd, out, filled);
    memmove(connection->buffer, connection->buffer + at, connection->length - at);
    connection->length -= at;
}

int main(void) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    struct epoll_event events[256], event = {.events = EPOLLIN};
    socklen_t size = sizeof address;
    int one = 1, poller = epoll_create1(0);
    alarm(600);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, 1024) < 0) die("listen");
    getsockname(listener, (struct sockaddr *)&address, &size);
    printf("port %d\nready\n", ntohs(address.sin_port));
    fflush(stdout);
    event.data.ptr = NULL;
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    static char input;
    event.data.ptr = &input;
    epoll_ctl(poller, EPOLL_CTL_ADD, 0, &event);
    for (;;) {
        int ready = epoll_wait(poller, events, 256, -1);
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (events[i].data.ptr == &input) return 0;
            if (connection == NULL) {
                connection = calloc(1, sizeof *connection);
                connection->fd = accept(listener, NULL, NULL);
                if (connection->fd < 0) die("accept");
                setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                event.data.ptr = connection;
                epoll_ctl(poller, EPOLL_CTL_ADD, connection->fd, &event);
                continue;
            }
            ssize_t got = recv(connection->fd, connection->buffer + connection->length, ROOM - connection->length, 0);
            if (got <= 0) {
                close(connection->fd);
                if (connection->is_open && connection->pair >= 0) ends[connection->pair][connection->end] = NULL;
                free(connection);
                continue;
            }
            connection->length += (size_t)got;
            answer(connection);
        }
    }
}
