"""The golden values of CounterRandomTest and SeededPermutationTest, from the definitions alone."""

MASK = (1 << 64) - 1
GOLDEN_GAMMA = 0x9E3779B97F4A7C15


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def hash_under(h, key):
    return mix((h + GOLDEN_GAMMA + mix((key + GOLDEN_GAMMA) & MASK)) & MASK)


def permuted(size, key, position):
    bits = max(2, max(1, size - 1).bit_length())
    half = (bits + 1) // 2
    mask = (1 << half) - 1
    while True:
        left, right = position >> half, position & mask
        for r in range(6):
            left, right = right, left ^ (hash_under((key + r) & MASK, right) & mask)
        position = left << half | right
        if position < size:
            return position


for h, key in ((0, 0), (1, 2), (MASK, MASK >> 1)):
    print(f"hash 0x{hash_under(h, key):016X}")
for purpose in (1, 2, 3, 4):
    print(f"stream 0x{hash_under(mix(42), purpose):016X}")
print([permuted(10, 7, p) for p in range(10)])
print([permuted(60_000, 42, p) for p in range(5)])
print(permuted(1 << 61, 42, 0))
