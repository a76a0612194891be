// Sends back what comes on TCP connections to a port of the loopback: what the sockets alone cost, without a JVM.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER = 512 * 1024, EVENTS = 1024, BACKLOG = 4096 };

// What the channel did not take: while there is some, the connection waits to write, not to read.
struct connection {
    int fd;
    char *left;
    size_t from, to;
};

static char buffer[BUFFER];

static void watch(int epoll, int operation, struct connection *connection, unsigned events) {
    struct epoll_event event = {.events = events, .data.ptr = connection};
    epoll_ctl(epoll, operation, connection->fd, &event);
}

static void take(int epoll, int listening) {
    int fd = accept4(listening, NULL, NULL, SOCK_NONBLOCK);
    if (fd < 0) return;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    struct connection *connection = calloc(1, sizeof *connection);
    connection->fd = fd;
    watch(epoll, EPOLL_CTL_ADD, connection, EPOLLIN);
}

static void end(struct connection *connection) {
    close(connection->fd);
    free(connection->left);
    free(connection);
}

static void write_left(int epoll, struct connection *connection) {
    ssize_t count = send(connection->fd, connection->left + connection->from, connection->to - connection->from, MSG_NOSIGNAL);
    if (count < 0) {
        if (errno != EAGAIN) end(connection);
        return;
    }
    connection->from += count;
    if (connection->from == connection->to) {
        free(connection->left);
        connection->left = NULL;
        watch(epoll, EPOLL_CTL_MOD, connection, EPOLLIN);
    }
}

static void echo(int epoll, struct connection *connection) {
    ssize_t count = recv(connection->fd, buffer, BUFFER, 0);
    if (count <= 0) {
        end(connection);
        return;
    }
    ssize_t sent = send(connection->fd, buffer, count, MSG_NOSIGNAL);
    if (sent < 0) sent = 0;
    if (sent < count) {
        connection->from = 0;
        connection->to = count - sent;
        connection->left = malloc(connection->to);
        memcpy(connection->left, buffer + sent, connection->to);
        watch(epoll, EPOLL_CTL_MOD, connection, EPOLLOUT);
    }
}

int main(int count, char **arguments) {
    if (count != 2) return 2;
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(atoi(arguments[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct connection listening = {.fd = socket(AF_INET, SOCK_STREAM, 0)};
    setsockopt(listening.fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(listening.fd, (struct sockaddr *)&address, sizeof address) || listen(listening.fd, BACKLOG)) {
        perror("raw-echo");
        return 1;
    }
    int epoll = epoll_create1(0);
    watch(epoll, EPOLL_CTL_ADD, &listening, EPOLLIN);
    puts("listening");
    fflush(stdout);
    for (;;) {
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (connection == &listening) take(epoll, listening.fd);
            else if (connection->left) write_left(epoll, connection);
            else echo(epoll, connection);
        }
    }
}
