// What the tests of lots make: pictures out of nothing.
import { crc32, deflateSync } from "node:zlib";

/** A PNG of one colour with a darker frame. */
export function png([red, green, blue], width = 640, height = 480) {
  const rows = Buffer.alloc(height * (width * 3 + 1));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const isFrame = x < 24 || y < 24 || x >= width - 24 || y >= height - 24;
      const at = y * (width * 3 + 1) + 1 + x * 3;
      for (const [part, value] of [red, green, blue].entries()) rows[at + part] = isFrame ? value >> 1 : value;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(data.length, 0);
  named.copy(whole, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
}

/** Hangs `count` pictures of different colours on an auction that has not begun. */
export async function withPictures(server, seller, auction, count) {
  const form = new FormData();
  for (let index = 0; index < count; index += 1) {
    const colour = [(60 + index * 53) % 256, (140 + index * 97) % 256, (200 + index * 31) % 256];
    form.append("image", new Blob([png(colour)], { type: "image/png" }), `picture-${index}.png`);
  }
  return await server.must("POST", `auctions/${auction.id}/images/`, { token: seller.token, body: form });
}
