// SPDX-License-Identifier: MIT
// Quicksort of pseudo-random numbers, then binary search for each of them.
#include <stdbool.h>
#include <stdint.h>
#include "vmm/guests/print.h"

#define N 5000

static int32_t number[N], sorted[N];

static void quicksort(int32_t *a, int n)
{
    while (n > 1) {
        int32_t pivot = a[n / 2];
        int i = 0, j = n - 1;
        for (;; i++, j--) {
            while (a[i] < pivot) i++;
            while (pivot < a[j]) j--;
            if (i >= j) break;
            int32_t t = a[i];
            a[i] = a[j];
            a[j] = t;
        }
        // the smaller part by recursion: the stack stays small
        if (i < n - i) {
            quicksort(a, i);
            a += i;
            n -= i;
        } else {
            quicksort(a + i, n - i);
            n = i;
        }
    }
}

static bool found(int32_t key)
{
    int low = 0, high = N;
    while (low < high) {
        int middle = (low + high) / 2;
        if (sorted[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < N && sorted[low] == key;
}

int main(void)
{
    uint32_t seed = 1974, sum = 0;
    for (int i = 0; i < N; i++) {
        seed = seed * 1664525 + 1013904223;
        number[i] = sorted[i] = (int32_t)seed >> 4;
        sum += (uint32_t)number[i];
    }
    quicksort(sorted, N);
    int order = 0, lost = 0;
    for (int i = 0; i < N; i++) {
        if (i > 0 && sorted[i - 1] > sorted[i]) order++;
        if (!found(number[i])) lost++;
        sum -= (uint32_t)sorted[i];
    }
    print("%d numbers from %d to %d: %d out of order, %d lost, sums differ by %u\n", N, sorted[0],
          sorted[N - 1], order, lost, sum);
    return !(order == 0 && lost == 0 && sum == 0 && !found(1));
}
