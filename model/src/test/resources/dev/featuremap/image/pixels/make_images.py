"""Made for this test: writes the images beside this file. Their pixels: scripts/reference_pixels.py."""

import io
import pathlib
import struct

import numpy
import tifffile
from PIL import Image, ImageOps

HERE = pathlib.Path(__file__).parent
WIDTH, HEIGHT = 13, 10
rows, columns = numpy.mgrid[0:HEIGHT, 0:WIDTH]
COLOURS = numpy.stack([columns * 20, rows * 27, 255 - columns * 20], -1).astype(numpy.uint8)
GREY = COLOURS[:, :, 0]
INKS = numpy.dstack([COLOURS, (rows * 25)]).astype(numpy.uint8)
INDICES = ((rows * 7 + columns * 3) % 16).astype(numpy.uint8)
PALETTE = [(index * 16 + 3, 250 - index * 15, (index * 37) % 256) for index in range(16)]


def fixed(values):
    return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def profile(space=b"RGB "):
    """A profile with primaries far from those of sRGB."""
    text = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"wide\0" + b"\0" * 78
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    tags = {b"desc": text, b"cprt": b"text\0\0\0\0CC0\0", b"wtpt": fixed((0.9642, 1, 0.8249))}
    if space == b"GRAY":
        tags[b"kTRC"] = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(1.2 * 256)) + b"\0\0"
    else:
        tags[b"rXYZ"] = fixed((0.5151, 0.2412, -0.0011))
        tags[b"gXYZ"] = fixed((0.2920, 0.6922, 0.0419))
        tags[b"bXYZ"] = fixed((0.1571, 0.0666, 0.7841))
        tags.update({b"rTRC": curve, b"gTRC": curve, b"bTRC": curve})
    table, data = struct.pack(">I", len(tags)), b""
    for name, value in tags.items():
        value += b"\0" * (-len(value) % 4)
        table += name + struct.pack(">II", 132 + 12 * len(tags) + len(data), len(value))
        data += value
    head = struct.pack(">I", 128 + len(table + data)) + bytes(4) + bytes([2, 0x20, 0, 0]) + b"mntr" + space + b"XYZ "
    head += struct.pack(">6H", 2026, 11, 30, 0, 0, 0) + b"acsp" + bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + table + data


def encoded(pixels, form="JPEG", **options):
    file = io.BytesIO()
    mode = "CMYK" if pixels.ndim == 3 and pixels.shape[2] == 4 else None
    image = Image.fromarray(pixels) if mode is None else Image.frombytes(mode, (WIDTH, HEIGHT), pixels.tobytes())
    image.save(file, form, **({"quality": 90, "subsampling": 0} | options if form == "JPEG" else options))
    return file.getvalue()


def without(jpeg, marker):
    at = jpeg.index(bytes([0xFF, marker]))
    return jpeg[:at] + jpeg[at + 2 + struct.unpack_from(">H", jpeg, at + 2)[0] :]


def adobe(jpeg, transform):
    segment = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0" + bytes([transform])
    return jpeg[:2] + segment + jpeg[2:]


def jpegs():
    wide = profile()
    cmyk = encoded(INKS)
    ycck = bytearray(encoded(INKS, icc_profile=profile(b"CMYK")))
    ycck[ycck.index(b"Adobe") + 11] = 2
    plain = without(encoded(COLOURS), 0xE0)
    return {
        "colours-wide.jpg": encoded(COLOURS, icc_profile=wide),
        "colours-wide-progressive.jpg": encoded(COLOURS, icc_profile=wide, progressive=True),
        "colours-wide-subsampled.jpg": encoded(COLOURS, icc_profile=wide, subsampling=2),
        "colours-rgb-wide.jpg": encoded(COLOURS, icc_profile=wide, keep_rgb=True),
        "colours-adobe-rgb.jpg": adobe(without(encoded(COLOURS, keep_rgb=True), 0xE0), 0)
        if b"JFIF" in encoded(COLOURS, keep_rgb=True)
        else encoded(COLOURS, keep_rgb=True),
        "colours-adobe-ycc.jpg": adobe(plain, 1),
        "colours-without-marker.jpg": plain,
        "colours-damaged-profile.jpg": encoded(COLOURS, icc_profile=b"\xff" * 200),
        "colours-profile-of-cmyk.jpg": encoded(COLOURS, icc_profile=profile(b"CMYK")),
        "colours-half-a-profile.jpg": encoded(COLOURS, icc_profile=wide).replace(b"ICC_PROFILE\0\1\1", b"ICC_PROFILE\0\1\2"),
        "grey-wide.jpg": encoded(GREY, icc_profile=profile(b"GRAY")),
        "grey-profile-of-colours.jpg": encoded(GREY, icc_profile=wide),
        "cmyk-adobe.jpg": cmyk,
        "cmyk-adobe-wide.jpg": encoded(INKS, icc_profile=profile(b"CMYK")),
        "cmyk-without-marker.jpg": without(cmyk, 0xEE),
        "ycck-wide.jpg": bytes(ycck),
    }


def pngs():
    return {
        "colours-wide.png": encoded(COLOURS, "PNG", icc_profile=profile()),
        "grey-wide.png": encoded(GREY, "PNG", icc_profile=profile(b"GRAY")),
    }


def gif(screen, at, *, transparent=None, table=PALETTE, local=None, interlaced=False):
    """A frame of INDICES on a screen; tables have 16 colours."""
    def bytes_of(colours):
        return b"".join(map(bytes, colours or []))

    image = Image.fromarray(INDICES[:6, :7] if not interlaced else INDICES[:10, :7])
    image = image.convert("P")
    image.putpalette(bytes_of(PALETTE))
    file = io.BytesIO()
    image.save(file, "GIF", optimize=False, interlace=int(interlaced))
    frame = file.getvalue()
    frame = frame[13 + (3 * (2 << (frame[10] & 7)) if frame[10] & 0x80 else 0) :]
    frame = frame[frame.index(b",") :]
    width, height = struct.unpack_from("<HH", frame, 5)
    head = b"GIF89a" + struct.pack("<HHBBB", *screen, 0xB3 if table else 0x33, 5, 0) + bytes_of(table)
    if transparent is not None:
        head += b"!\xf9\4\1\0\0" + bytes([transparent, 0])
    flags = (0x40 if interlaced else 0) | (0x83 if local else 0)
    descriptor = b"," + struct.pack("<HHHHB", *at, width, height, flags)
    rest = frame[10 + (3 * (2 << (frame[9] & 7)) if frame[9] & 0x80 else 0) :]
    return head + descriptor + bytes_of(local) + rest


def gifs():
    other = PALETTE[::-1]
    grey = [(index, index, index) for index in range(16)]
    return {
        "smaller-than-screen.gif": gif((13, 12), (3, 4)),
        "smaller-transparent.gif": gif((13, 12), (3, 4), transparent=9),
        "smaller-local-palette.gif": gif((13, 12), (3, 4), local=other),
        "smaller-interlaced.gif": gif((13, 12), (5, 1), interlaced=True),
        "larger-than-screen.gif": gif((3, 3), (1, 2)),
        "no-screen.gif": gif((0, 0), (0, 0)),
        "no-palette.gif": gif((13, 12), (3, 4), table=None),
        "local-palette-only.gif": gif((13, 12), (3, 4), table=None, local=other),
        "grey-palette.gif": gif((13, 12), (3, 4), table=grey, transparent=2),
        "grey-local-palette.gif": gif((13, 12), (3, 4), table=None, local=grey),
    }


def packed(pixels, bits):
    """Rows of so many bits a pixel, filled up to 4 bytes."""
    lines = []
    for line in pixels:
        text = "".join(format(int(pixel), f"0{bits}b") for pixel in line)
        text = text.ljust(-(-len(text) // 32) * 32, "0")
        lines.append(bytes(int(text[at : at + 8], 2) for at in range(0, len(text), 8)))
    return lines


def words(pixels, bits):
    lines = []
    for line in pixels:
        data = b"".join(int(pixel).to_bytes(bits // 8, "little") for pixel in line)
        lines.append(data + bytes(-len(data) % 4))
    return lines


def bmp(bits, lines, *, head=40, compression=0, colours=(), used=0, masks=b"", top_down=False, offset=None, height=HEIGHT):
    data = lines if isinstance(lines, bytes) else b"".join(lines if top_down else lines[::-1])
    entry = 3 if head == 12 else 4
    palette = b"".join(bytes([blue, green, red, 0][:entry]) for red, green, blue in colours)
    if head == 12:
        fields = struct.pack("<IHHHH", 12, WIDTH, height, 1, bits)
    else:
        fields = struct.pack("<IiiHHIIiiII", head, WIDTH, -height if top_down else height, 1, bits, compression, len(data), 0, 0, used, 0)
        fields = (fields + (masks if head > 40 else b"")).ljust(head, b"\0")[:head] + (masks if head == 40 else b"")
    start = 14 + len(fields) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start if offset is None else offset) + fields + palette + data


def runs(halves):
    """Runs, absolute pixels, a jump, and rows that end by themselves or early."""
    data = b""
    for row in range(HEIGHT - 1, -1, -1):
        line = INDICES[row]
        if row == 3:
            data += b"\4\x22\0\2\3\0" + (b"\0\5\x12\x34\x50\0" if halves else b"\0\5\1\2\3\4\5\0") + b"\1\7\0\0"
        elif row % 2:
            for index in line[:10]:
                data += bytes([1, index << 4 if halves else index])
            data += bytes([3, 0x5A if halves else 0xA]) + b"\0\0"
        else:
            pixels = "".join(format(index, "x" if halves else "02x") for index in line)
            pixels = bytes.fromhex(pixels + "0" * (len(pixels) % 2))
            data += bytes([0, len(line)]) + pixels + bytes(len(pixels) % 2) + b"\0\0"
    return data[:-2] + b"\0\1"


def bmps():
    red, green, blue = (COLOURS[:, :, channel].astype(int) for channel in range(3))
    five = (red >> 3) << 10 | (green >> 3) << 5 | blue >> 3
    six = (red >> 3) << 11 | (green >> 2) << 5 | blue >> 3
    full = red << 16 | green << 8 | blue
    reverse = blue << 16 | green << 8 | red
    alpha = full | 0x50000000
    rgb = struct.pack("<III", 0xFF0000, 0xFF00, 0xFF)
    rgb6 = struct.pack("<III", 0xF800, 0x7E0, 0x1F)
    rgb5 = struct.pack("<III", 0x7C00, 0x3E0, 0x1F)
    bgr = struct.pack("<IIII", 0xFF, 0xFF00, 0xFF0000, 0xFF000000)
    high = struct.pack("<IIII", 0xFF000000, 0xFF0000, 0xFF00, 0)
    two = PALETTE[3:5]
    palette = {"colours": PALETTE, "used": 16}
    files = {
        "os2-1-of-1-bit.bmp": bmp(1, packed(INDICES % 2, 1), head=12, colours=two),
        "os2-1-of-4-bits.bmp": bmp(4, packed(INDICES, 4), head=12, colours=PALETTE),
        "os2-1-of-8-bits.bmp": bmp(8, packed(INDICES, 8), head=12, colours=PALETTE * 16),
        "os2-1-of-8-bits-few.bmp": bmp(8, packed(INDICES, 8), head=12, colours=PALETTE),
        "os2-1-of-24-bits.bmp": bmp(24, words(full, 24), head=12),
        "os2-2-of-1-bit.bmp": bmp(1, packed(INDICES % 2, 1), head=64, colours=two),
        "os2-2-of-4-bits.bmp": bmp(4, packed(INDICES, 4), head=64, **palette),
        "os2-2-of-8-bits.bmp": bmp(8, packed(INDICES, 8), head=64, **palette),
        "os2-2-of-24-bits.bmp": bmp(24, words(full, 24), head=64),
        "os2-2-runs-of-8-bits.bmp": bmp(8, runs(False), head=64, compression=1, **palette),
        "os2-2-runs-of-4-bits.bmp": bmp(4, runs(True), head=64, compression=2, **palette),
        "runs-of-8-bits.bmp": bmp(8, runs(False), compression=1, **palette),
        "runs-of-4-bits.bmp": bmp(4, runs(True), compression=2, **palette),
        "black-and-white.bmp": bmp(1, packed(INDICES % 2, 1), colours=[(0, 0, 0), (255, 255, 255)]),
        "white-and-black.bmp": bmp(1, packed(INDICES % 2, 1), colours=[(255, 255, 255), (0, 0, 0)]),
        "grey.bmp": bmp(8, packed(GREY, 8), colours=[(index, index, index) for index in range(256)]),
        "few-colours.bmp": bmp(8, packed(INDICES, 8), colours=PALETTE[:9], used=9),
        "palette-offset.bmp": bmp(4, packed(INDICES, 4), **palette, offset=54),
        "no-offset.bmp": bmp(4, packed(INDICES, 4), **palette, offset=0),
        "top-down-4.bmp": bmp(4, packed(INDICES, 4), **palette, top_down=True),
        "top-down-24.bmp": bmp(24, words(full, 24), top_down=True),
        "bits-16-555.bmp": bmp(16, words(five, 16)),
        "bits-16-555-fields.bmp": bmp(16, words(five, 16), compression=3, masks=rgb5),
        "bits-16-565.bmp": bmp(16, words(six, 16), compression=3, masks=rgb6),
        "bits-16-565-top-down.bmp": bmp(16, words(six, 16), compression=3, masks=rgb6, top_down=True),
        "bits-24-fields.bmp": bmp(24, words(full, 24), compression=3, masks=rgb),
        "bits-32.bmp": bmp(32, words(alpha, 32)),
        "bits-32-fields.bmp": bmp(32, words(full, 32), compression=3, masks=rgb),
        "bits-32-no-masks.bmp": bmp(32, words(alpha, 32), compression=3, head=56, masks=bytes(16)),
        "last-row-not-filled-up.bmp": bmp(24, words(full, 24))[:-1],
    }
    for head in 52, 56, 108, 124:
        files[f"head-{head}-565.bmp"] = bmp(16, words(six, 16), head=head, compression=3, masks=rgb6)
        files[f"head-{head}-plain.bmp"] = bmp(24, words(full, 24), head=head)
    for head in 56, 108, 124:
        files[f"head-{head}-rgba.bmp"] = bmp(32, words(reverse | 0x77000000, 32), head=head, compression=3, masks=bgr)
        files[f"head-{head}-high.bmp"] = bmp(32, words(full << 8, 32), head=head, compression=3, masks=high)
    return files


def webps():
    """Of odd sizes, with edges and noise, so that every filter and mode has its turn."""
    y, x = numpy.mgrid[0:41, 0:53]
    noise = (x * x * 31 + y * y * 57 + x * y * 13 + x + 7 * y) % 64
    rgb = numpy.stack([x * 4 + noise // 2, (x // 7 + y // 5) % 2 * 200 + noise // 2, 255 - 5 * y - noise // 4], -1)
    image = Image.fromarray(numpy.clip(rgb, 0, 255).astype(numpy.uint8))
    alpha = image.copy()
    alpha.putalpha(Image.fromarray(((x + y) * 2).astype(numpy.uint8)))
    palette = Image.fromarray(COLOURS).quantize(11).convert("RGB")

    def webp(picture, **options):
        file = io.BytesIO()
        picture.save(file, "WEBP", **options)
        return file.getvalue()

    files = {
        "lossy-alpha.webp": webp(alpha, quality=40),
        "lossless.webp": webp(image, lossless=True, quality=100, method=6),
        "lossless-alpha.webp": webp(alpha, lossless=True, exact=True),
        "lossless-palette.webp": webp(palette, lossless=True),
        "lossless-one-colour.webp": webp(Image.new("RGB", (300, 200), (1, 2, 3)), lossless=True),
        "webp-grey.webp": webp(image.convert("L"), quality=70),
        "animated.webp": webp(image, save_all=True, append_images=[image.rotate(180)], quality=60),
    }
    for quality in 0, 20, 50, 80, 100:
        files[f"lossy-{quality}.webp"] = webp(image, quality=quality, method=quality % 7)
    files["lossy.webp"] = webp(image)
    for width, height in ((1, 1), (2, 1), (1, 2), (3, 16), (16, 17), (33, 2)):
        files[f"lossy-{width}x{height}.webp"] = webp(image.crop((5, 5, 5 + width, 5 + height)))
    return files


def pnms():
    grey, rgb = GREY.tolist(), COLOURS.reshape(HEIGHT, -1)
    size = f"{WIDTH} {HEIGHT}"

    def text(rows):
        return "\n".join(" ".join(map(str, row)) for row in rows).encode()

    bits = (INDICES % 2).tolist()
    return {
        "plain.pbm": f"P1\n# made\n{size}\n".encode() + "\n".join("".join(map(str, row)) for row in bits).encode(),
        "raw.pbm": f"P4 {size}\n".encode() + numpy.packbits(INDICES % 2, 1).tobytes(),
        "plain.pgm": f"P2\n{size} # made\n255\n".encode() + text(grey),
        "few.pgm": f"P5 {size} 15\n".encode() + INDICES.tobytes(),
        "raw.pgm": f"P5\n{size}\n255\n".encode() + GREY.tobytes(),
        "wide.pgm": f"P5\n{size}\n65535\n".encode() + (GREY.astype(">u2") * 257 + 3).astype(">u2").tobytes(),
        "wide-1000.pgm": f"P5\n{size}\n1000\n".encode() + (GREY.astype(">u2") * 3).astype(">u2").tobytes(),
        "plain-colours.pnm": f"P3\n{size}\n255\n".encode() + text(rgb.tolist()),
        "raw-colours.pnm": f"P6\n{size}\n255\n".encode() + COLOURS.tobytes(),
        "few-colours.pnm": f"P6 {size} 100\n".encode() + (COLOURS // 3).tobytes(),
        "wide-colours.pnm": f"P6\n{size}\n65535\n".encode() + (COLOURS.astype(">u2") * 251).astype(">u2").tobytes(),
    }


def tiff(pixels, **options):
    file = io.BytesIO()
    tifffile.imwrite(file, pixels, metadata=None, software=False, **options)
    return file.getvalue()


def by_pillow(pixels, **options):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "TIFF", **options)
    return file.getvalue()


def tiffs():
    rgba = numpy.dstack([COLOURS, INKS[:, :, 3]])
    palette = numpy.array([[value * 257 - 60 for value in colour] for colour in zip(*(PALETTE * 16))]).clip(0).astype(numpy.uint16)
    files = {f"turned-{number}.tif": by_pillow(COLOURS, tiffinfo={274: number}) for number in range(2, 9)}
    return files | {
        "plain.tif": tiff(COLOURS, photometric="rgb"),
        "big-endian.tif": tiff(COLOURS, photometric="rgb", byteorder=">"),
        "lzw-differences.tif": by_pillow(COLOURS, compression="tiff_lzw", tiffinfo={317: 2}),
        "deflate-strips.tif": tiff(COLOURS, photometric="rgb", compression="zlib", rowsperstrip=3),
        "packbits.tif": by_pillow(COLOURS, compression="packbits"),
        "tiles.tif": tiff(COLOURS, photometric="rgb", tile=(16, 16), compression="zlib"),
        "planes.tif": tiff(numpy.moveaxis(COLOURS, 2, 0).copy(), photometric="rgb", planarconfig="separate"),
        "wide.tif": tiff(COLOURS.astype(numpy.uint16) * 251, photometric="rgb"),
        "alpha.tif": tiff(rgba, photometric="rgb", extrasamples=["unassalpha"]),
        "multiplied.tif": tiff(rgba, photometric="rgb", extrasamples=["assocalpha"]),
        "inks.tif": tiff(INKS, photometric="separated"),
        "grey.tif": tiff(GREY, photometric="minisblack"),
        "white-is-zero.tif": tiff(GREY, photometric="miniswhite"),
        "palette.tif": tiff(INDICES, photometric="palette", colormap=palette),
        "two-pages.tif": tiff(numpy.stack([COLOURS, 255 - COLOURS]), photometric="rgb"),
        "group4.tif": by_pillow(INDICES % 2 == 0, compression="group4"),
    }


def turned():
    """In the directory upright; their pixels are those of Pillow's exif_transpose."""
    files = {}
    for number in range(1, 9):
        form, name = (("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"))[number % 3]
        image, file = Image.fromarray(COLOURS), io.BytesIO()
        exif = image.getexif()
        exif[274] = number
        image.save(file, form, exif=exif, **({"lossless": True} if form == "WEBP" else {}))
        files[f"upright/{number}.{name}"] = file.getvalue()
        upright = ImageOps.exif_transpose(Image.open(io.BytesIO(file.getvalue())))
        file = io.BytesIO()
        upright.convert("RGB").save(file, "PPM")
        files[f"upright/{number}.{name}.ppm"] = file.getvalue()
    return files


def main():
    (HERE / "upright").mkdir(exist_ok=True)
    for name, data in (jpegs() | pngs() | gifs() | bmps() | webps() | pnms() | tiffs() | turned()).items():
        (HERE / name).write_bytes(data)


main()
