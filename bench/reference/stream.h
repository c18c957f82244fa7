/* A connection's bytes: plain, or through TLS where it was compiled with -DWITH_TLS and OpenSSL.
 * As read and write of a socket: -1 with errno EAGAIN where a call has to be made again later. */
#ifndef STREAM_H
#define STREAM_H
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/types.h>
#ifdef WITH_TLS
#include <openssl/ssl.h>
#endif

struct stream {
    int fd;
    void *tls; /* NULL on a plain one */
};

#ifdef WITH_TLS
static SSL_CTX *stream_tls;

/* Speak TLS from here on: as a server with the certificate and key of a PEM file, as a client without. */
static void stream_use_tls(const char *pem) {
    stream_tls = SSL_CTX_new(pem != NULL ? TLS_server_method() : TLS_client_method());
    if (stream_tls == NULL) { fprintf(stderr, "no TLS\n"); exit(1); }
    /* Loopback, and only speed is looked at: nobody is verified. */
    SSL_CTX_set_mode(stream_tls, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (pem != NULL && (SSL_CTX_use_certificate_file(stream_tls, pem, SSL_FILETYPE_PEM) != 1 ||
                        SSL_CTX_use_PrivateKey_file(stream_tls, pem, SSL_FILETYPE_PEM) != 1)) {
        fprintf(stderr, "no certificate in %s\n", pem);
        exit(1);
    }
}

static ssize_t stream_result(struct stream *stream, int done) {
    if (done > 0) return done;
    int error = SSL_get_error(stream->tls, done);
    errno = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? EAGAIN : EPIPE;
    return error == SSL_ERROR_ZERO_RETURN ? 0 : -1;
}
#else
static void stream_use_tls(const char *pem) { (void)pem; fprintf(stderr, "compiled without TLS\n"); exit(2); }
#endif

/* Take a connected, still blocking socket; shake hands where TLS is spoken. */
static void stream_open(struct stream *stream, int fd) {
    stream->fd = fd;
    stream->tls = NULL;
#ifdef WITH_TLS
    if (stream_tls == NULL) return;
    SSL *tls = SSL_new(stream_tls);
    SSL_set_fd(tls, fd);
    if ((SSL_is_server(tls) ? SSL_accept(tls) : SSL_connect(tls)) != 1) { fprintf(stderr, "no TLS handshake\n"); exit(1); }
    stream->tls = tls;
#endif
}

static ssize_t stream_recv(struct stream *stream, void *to, size_t room) {
#ifdef WITH_TLS
    if (stream->tls != NULL) return stream_result(stream, SSL_read(stream->tls, to, (int)room));
#endif
    return recv(stream->fd, to, room, 0);
}

static ssize_t stream_send(struct stream *stream, const void *from, size_t length) {
#ifdef WITH_TLS
    if (stream->tls != NULL) return stream_result(stream, SSL_write(stream->tls, from, (int)length));
#endif
    return send(stream->fd, from, length, MSG_NOSIGNAL);
}
#endif
