// SPDX-License-Identifier: MIT
// Packets of the gdb remote serial protocol: $DATA#CHECKSUM, with escapes (gdb manual, appendix
// "Remote Protocol", Overview). What they mean is in gdb_stub.h, where they come from in
// gdb_server.h.
#ifndef TRAPEZE_VMM_HOST_GDB_PACKET_H
#define TRAPEZE_VMM_HOST_GDB_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PACKET_SIZE = 0x4000 }; // characters of data at most, both ways

enum packet_event {
    PACKET_NONE,  // nothing yet
    PACKET_GOOD,  // reader.data, reader.n
    PACKET_BAD,   // a wrong checksum, or longer than PACKET_SIZE
    PACKET_BREAK, // the byte 3: the user's Ctrl-C
    PACKET_AGAIN, // the byte '-': the last packet did not arrive well
};

struct packet_reader {
    enum { BETWEEN, DATA, ESCAPED, CHECK_HIGH, CHECK_LOW } state;
    uint8_t sum, check;
    bool bad;
    size_t n;
    char data[PACKET_SIZE + 1]; // without escapes, and with a zero after the n-th
};

// Takes in one byte of the stream; *r is zeroed before the first.
enum packet_event packet_read(struct packet_reader *r, uint8_t byte);

// A packet being made. What does not fit any more is left out, and `full` is set.
struct packet {
    size_t n;
    bool full;
    char data[PACKET_SIZE]; // without escapes
};

void packet_text(struct packet *p, const char *text);
void packet_bytes(struct packet *p, const void *bytes, size_t n);
void packet_hex(struct packet *p, const void *bytes, size_t n); // two digits a byte
__attribute__((format(printf, 2, 3))) void packet_print(struct packet *p, const char *format, ...);

// The packet as it goes over the line, in `out`; returns its length.
enum { PACKET_LINE = 2 * PACKET_SIZE + 4 };
size_t packet_line(const struct packet *p, uint8_t out[PACKET_LINE]);

// Reading data. *at moves on.
int hex_digit(char c);                              // -1: none
bool take_number(const char **at, uint64_t *value); // hexadecimal, below 2^64
bool take_char(const char **at, char c);
bool take_bytes(const char **at, uint8_t *bytes, size_t n); // 2 n digits

#endif
