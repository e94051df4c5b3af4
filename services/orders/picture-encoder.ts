import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { MAX_PICTURE_PIXELS } from '../../shared/contracts/product.ts';
import { NOT_A_PICTURE, TOO_MANY_PIXELS } from './encode-picture.ts';

// A process of its own, for one picture: see encode-picture.ts. Reads it from stdin, writes it to stdout as WebP.

/** Wide enough for the page of a product on any screen; pictures on cards are drawn smaller. */
const MAX_SIDE_PIXELS = 1_000;
const QUALITY = 76;

// Of the dozens of formats that libvips reads, these three; a file is what its bytes say it is.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
});
sharp.concurrency(1);
sharp.cache(false);

const uploaded = await buffer(process.stdin);
try {
  const picture = sharp(uploaded, { limitInputPixels: false, failOn: 'error' });
  const { width, height } = await picture.metadata();
  if (width * height > MAX_PICTURE_PIXELS) process.exit(TOO_MANY_PIXELS);
  const encoded = await picture
    // As the camera was held. Everything else that it wrote into the file stays behind: places, names, previews.
    .autoOrient()
    .resize({ width: MAX_SIDE_PIXELS, height: MAX_SIDE_PIXELS, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: QUALITY })
    .toBuffer();
  process.stdout.end(encoded);
} catch {
  process.exitCode = NOT_A_PICTURE;
}
