// SPDX-License-Identifier: MIT
// A main for a fuzz target without a fuzzer: runs it once on each of the files named.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");
        uint8_t *bytes = NULL;
        size_t size = 0;
        if (file == NULL) {
            perror(argv[i]);
            return 2;
        }
        // Exactly as large as its contents, so that a sanitizer sees every read beyond them.
        for (int c; (c = getc(file)) != EOF; bytes[size++] = (uint8_t)c) {
            if ((size & (size - 1)) == 0) bytes = realloc(bytes, size == 0 ? 1 : 2 * size);
            if (bytes == NULL) abort();
        }
        fclose(file);
        uint8_t *exact = size == 0 ? malloc(1) : realloc(bytes, size);
        if (exact == NULL) abort();
        LLVMFuzzerTestOneInput(exact, size);
        free(exact);
    }
    printf("%d files\n", argc - 1);
    return 0;
}
