// SPDX-License-Identifier: MIT
// SHA-256 (FIPS 180-4) against known answers.
#include <stdint.h>
#include "vmm/guests/memory.h"
#include "vmm/guests/print.h"

static const uint32_t k[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t x, int n)
{
    return x >> n | x << (32 - n);
}

static void block(uint32_t h[8], const uint8_t *bytes)
{
    uint32_t w[64], s[8];
    for (int i = 0; i < 16; i++, bytes += 4)
        w[i] = (uint32_t)bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
    for (int i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[i - 7] +
               (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
    memcpy(s, h, sizeof s);
    for (int i = 0; i < 64; i++) {
        uint32_t e = s[4], a = s[0];
        uint32_t t1 = s[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
                      ((e & s[5]) ^ (~e & s[6])) + k[i] + w[i];
        uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
                      ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
        for (int j = 7; j > 0; j--) s[j] = s[j - 1];
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++) h[i] += s[i];
}

// The hash of `text`, `times` over; its length is less than 2^29.
static void sha256(uint32_t h[8], const char *text, uint32_t times)
{
    static const uint32_t first[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    uint8_t buffer[64];
    uint32_t n = 0, length = 0;
    memcpy(h, first, sizeof first);
    for (; times > 0; times--)
        for (const char *c = text; *c; c++, length++) {
            buffer[n++] = (uint8_t)*c;
            if (n < 64) continue;
            block(h, buffer);
            n = 0;
        }
    buffer[n++] = 0x80;
    while (n != 56) {
        if (n == 64) {
            block(h, buffer);
            n = 0;
        } else {
            buffer[n++] = 0;
        }
    }
    memset(buffer + 56, 0, 4);
    for (int i = 0; i < 4; i++) buffer[60 + i] = (uint8_t)(length * 8 >> (24 - 8 * i));
    block(h, buffer);
}

static int wrong(const char *text, uint32_t times, const uint32_t expected[8])
{
    uint32_t h[8];
    sha256(h, text, times);
    for (int i = 0; i < 8; i++) print("%x", h[i]);
    int bad = memcmp(h, expected, sizeof h) != 0;
    print("  %s\n", bad ? "WRONG" : "ok");
    return bad;
}

int main(void)
{
    static const uint32_t nothing[8] = {
        0xe3b0c442, 0x98fc1c14, 0x9afbf4c8, 0x996fb924,
        0x27ae41e4, 0x649b934c, 0xa495991b, 0x7852b855,
    };
    static const uint32_t abc[8] = {
        0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223,
        0xb00361a3, 0x96177a9c, 0xb410ff61, 0xf20015ad,
    };
    static const uint32_t two_blocks[8] = {
        0x248d6a61, 0xd20638b8, 0xe5c02693, 0x0c3e6039,
        0xa33ce459, 0x64ff2167, 0xf6ecedd4, 0x19db06c1,
    };
    static const uint32_t many[8] = {
        0xcc17faaa, 0xd36649c4, 0x603dda4d, 0x8ff97cb1,
        0x49722af0, 0xbcac0746, 0x305a2134, 0xad2d0b97,
    };
    return wrong("", 1, nothing) + wrong("abc", 1, abc) +
           wrong("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1, two_blocks) +
           wrong("a", 20000, many);
}
