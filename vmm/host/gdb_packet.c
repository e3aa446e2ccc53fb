// SPDX-License-Identifier: MIT
// Packets, character by character.

#include "vmm/host/gdb_packet.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { BREAK = 3, ESCAPE = '}', ESCAPE_BIT = 0x20 };

static void add(struct packet_reader *r, uint8_t byte)
{
    if (r->n == PACKET_SIZE) {
        r->bad = true;
        return;
    }
    r->data[r->n++] = (char)byte;
}

static enum packet_event between(struct packet_reader *r, uint8_t byte)
{
    if (byte == BREAK) return PACKET_BREAK;
    if (byte == '-') return PACKET_AGAIN;
    if (byte == '$') {
        r->state = DATA;
        r->n = 0;
        r->sum = 0;
        r->bad = false;
    }
    return PACKET_NONE;
}

static enum packet_event check(struct packet_reader *r, uint8_t byte)
{
    const int digit = hex_digit((char)byte);

    if (digit < 0) r->bad = true;
    r->check = (uint8_t)(r->check << 4 | (digit & 15));
    if (r->state == CHECK_HIGH) {
        r->state = CHECK_LOW;
        return PACKET_NONE;
    }
    r->state = BETWEEN;
    r->data[r->n] = '\0';
    return r->bad || r->check != r->sum ? PACKET_BAD : PACKET_GOOD;
}

enum packet_event packet_read(struct packet_reader *r, uint8_t byte)
{
    switch (r->state) {
    case BETWEEN: return between(r, byte);
    case CHECK_HIGH:
    case CHECK_LOW: return check(r, byte);
    default: break;
    }
    if (r->state == DATA && byte == '#') {
        r->state = CHECK_HIGH;
        r->check = 0;
        return PACKET_NONE;
    }
    if (byte == '$') return between(r, byte); // the one before was cut off
    r->sum = (uint8_t)(r->sum + byte);
    if (r->state == ESCAPED) {
        add(r, byte ^ ESCAPE_BIT);
        r->state = DATA;
    } else if (byte == ESCAPE) {
        r->state = ESCAPED;
    } else {
        add(r, byte);
    }
    return PACKET_NONE;
}

// ---------------------------------------------------------------- making

void packet_bytes(struct packet *p, const void *bytes, size_t n)
{
    if (n > sizeof p->data - p->n) {
        p->full = true;
        return;
    }
    if (n != 0) memcpy(p->data + p->n, bytes, n);
    p->n += n;
}

void packet_text(struct packet *p, const char *text)
{
    packet_bytes(p, text, strlen(text));
}

void packet_hex(struct packet *p, const void *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *b = bytes;

    for (size_t k = 0; k < n; k++) {
        const char pair[2] = {digits[b[k] >> 4], digits[b[k] & 15]};
        packet_bytes(p, pair, 2);
    }
}

void packet_print(struct packet *p, const char *format, ...)
{
    char text[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    packet_text(p, text);
}

size_t packet_line(const struct packet *p, uint8_t out[PACKET_LINE])
{
    uint8_t sum = 0;
    size_t n = 0;

    out[n++] = '$';
    for (size_t k = 0; k < p->n; k++) {
        uint8_t byte = (uint8_t)p->data[k];
        if (byte == '$' || byte == '#' || byte == ESCAPE || byte == '*') {
            out[n++] = ESCAPE;
            byte ^= ESCAPE_BIT;
        }
        out[n++] = byte;
    }
    for (size_t k = 1; k < n; k++) sum = (uint8_t)(sum + out[k]);
    out[n++] = '#';
    out[n++] = (uint8_t) "0123456789abcdef"[sum >> 4];
    out[n++] = (uint8_t) "0123456789abcdef"[sum & 15];
    return n;
}

// ---------------------------------------------------------------- taking apart

int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool take_number(const char **at, uint64_t *value)
{
    const char *start = *at;

    *value = 0;
    for (; hex_digit(**at) >= 0; (*at)++) {
        if (*value >> 60 != 0) return false;
        *value = *value << 4 | (uint64_t)hex_digit(**at);
    }
    return *at > start;
}

bool take_char(const char **at, char c)
{
    if (**at != c) return false;
    (*at)++;
    return true;
}

bool take_bytes(const char **at, uint8_t *bytes, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        const int high = hex_digit((*at)[0]), low = high < 0 ? -1 : hex_digit((*at)[1]);
        if (low < 0) return false;
        bytes[k] = (uint8_t)(high << 4 | low);
        *at += 2;
    }
    return true;
}
