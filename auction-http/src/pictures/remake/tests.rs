use super::*;
use image::codecs::gif::GifEncoder;
use image::codecs::webp::WebPEncoder;
use image::{Frame, ImageBuffer, Luma, Rgb, RgbImage, Rgba, RgbaImage};

/// What taking in any picture may need, in bytes.
const MEMORY_BYTES_MAX: u64 = 64 * 1024 * 1024;

fn made_anew(file: Vec<u8>) -> Result<Remade, InvalidPicture> {
    remake(file, Shape::Whole)
}

/// The upper left quarter is red, the upper right one green, the lower ones are blue.
fn quarters(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => Rgb([220, 20, 20]),
        (false, true) => Rgb([20, 200, 20]),
        _ => Rgb([20, 20, 220]),
    })
}

fn file(picture: impl Into<DynamicImage>, kind: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.into().write_to(&mut file, kind).unwrap();
    file.into_inner()
}

fn size(file: &[u8]) -> (u32, u32) {
    let read = image::load_from_memory(file).unwrap();
    (read.width(), read.height())
}

/// The name of the colour in the middle of each quarter: upper left, upper right, lower left, lower right.
fn colours(file: &[u8]) -> [char; 4] {
    let read = image::load_from_memory(file).unwrap().into_rgb8();
    let (x, y) = (read.width() / 4, read.height() / 4);
    [(x, y), (3 * x, y), (x, 3 * y), (3 * x, 3 * y)].map(|(x, y)| {
        let [red, green, blue] = read.get_pixel(x, y).0;
        if red > green.max(blue) {
            'r'
        } else if green > blue {
            'g'
        } else {
            'b'
        }
    })
}

/// A JPEG file with a segment behind its first marker.
fn with_segment(jpeg: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, marker], &length, content, &jpeg[2..]].concat()
}

/// Exif that says how the camera was held and where.
fn exif(orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x02".to_vec();
    exif.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    exif.extend([0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38]);
    exif.extend([0, 0, 0, 0]);
    exif.extend([0, 1, 0, 1, 0, 2, 0, 0, 0, 2, b'N', 0, 0, 0, 0, 0, 0, 0]);
    exif.extend(b"GPS-52.5200-13.4050");
    exif
}

fn contains(file: &[u8], text: &[u8]) -> bool {
    file.windows(text.len()).any(|window| window == text)
}

/// A PNG file that is nothing but a header.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut chunk = b"IHDR".to_vec();
    chunk.extend(width.to_be_bytes());
    chunk.extend(height.to_be_bytes());
    chunk.extend([8, 2, 0, 0, 0]);
    let mut sum = u32::MAX;
    for byte in &chunk {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
        }
    }
    let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    file.extend(chunk);
    file.extend((!sum).to_be_bytes());
    file.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e\0\0\0\0IEND\xae\x42\x60\x82");
    file
}

/// A WebP file of several pictures.
fn animated_webp(pictures: &[RgbImage]) -> Vec<u8> {
    let chunk = |name: &[u8], content: &[u8]| {
        let mut chunk = [name, &u32::try_from(content.len()).unwrap().to_le_bytes(), content].concat();
        chunk.resize(chunk.len().next_multiple_of(2), 0);
        chunk
    };
    let (width, height) = (pictures[0].width() - 1, pictures[0].height() - 1);
    let sides = [&width.to_le_bytes()[..3], &height.to_le_bytes()[..3]].concat();
    let mut chunks = chunk(b"VP8X", &[&[2, 0, 0, 0][..], &sides].concat());
    chunks.extend(chunk(b"ANIM", &[0; 6]));
    for picture in pictures {
        let mut still = Vec::new();
        let encoder = WebPEncoder::new_lossless(&mut still);
        encoder.write_image(picture, picture.width(), picture.height(), ExtendedColorType::Rgb8).unwrap();
        let frame = [&[0; 6][..], &sides, &[100, 0, 0, 0], &still[12..]].concat();
        chunks.extend(chunk(b"ANMF", &frame));
    }
    chunk(b"RIFF", &[&b"WEBP"[..], &chunks].concat())
}

#[test]
fn every_kind_becomes_a_jpeg_of_the_same_picture() {
    for kind in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let remade = made_anew(file(quarters(64, 48), kind)).unwrap();
        assert_eq!(remade.extension, "jpg", "{kind:?}");
        for file in [&remade.full, &remade.small] {
            assert_eq!(image::guess_format(file).unwrap(), ImageFormat::Jpeg, "{kind:?}");
            assert_eq!((size(file), colours(file)), ((64, 48), ['r', 'g', 'b', 'b']), "{kind:?}");
        }
    }
    let grey = ImageBuffer::<Luma<u16>, _>::from_pixel(20, 10, Luma([40_000]));
    assert_eq!(size(&made_anew(file(grey, ImageFormat::Png)).unwrap().full), (20, 10));
}

#[test]
fn what_is_transparent_stays_so() {
    let mut picture = RgbaImage::from_pixel(600, 300, Rgba([20, 200, 20, 255]));
    assert_eq!(made_anew(file(picture.clone(), ImageFormat::Png)).unwrap().extension, "jpg");
    picture.put_pixel(1, 1, Rgba([0, 0, 0, 0]));
    let remade = made_anew(file(picture.clone(), ImageFormat::Png)).unwrap();
    assert_eq!(remade.extension, "png");
    assert_eq!(image::load_from_memory(&remade.full).unwrap().into_rgba8(), picture);
    assert_eq!(
        (image::guess_format(&remade.small).unwrap(), size(&remade.small)),
        (ImageFormat::Png, (480, 240))
    );
}

#[test]
fn what_is_transparent_is_smaller_since_it_is_kept_without_loss() {
    let picture = RgbaImage::from_pixel(2_000, 1_000, Rgba([20, 200, 20, 100]));
    let remade = made_anew(file(picture, ImageFormat::Png)).unwrap();
    assert_eq!((size(&remade.full), size(&remade.small)), ((1_536, 768), (480, 240)));
}

#[test]
fn large_pictures_become_smaller_and_small_ones_stay() {
    for (before, full, small) in [
        ((2_100, 1_575), (2_048, 1_536), (480, 360)),
        ((63, 2_100), (61, 2_048), (14, 480)),
        ((2_048, 100), (2_048, 100), (480, 23)),
        ((480, 20), (480, 20), (480, 20)),
        ((1, 1), (1, 1), (1, 1)),
        ((30_000, 2), (2_048, 1), (480, 1)),
    ] {
        let remade = made_anew(file(quarters(before.0, before.1), ImageFormat::Jpeg)).unwrap();
        assert_eq!((size(&remade.full), size(&remade.small)), (full, small), "{before:?}");
    }
}

#[test]
fn pictures_come_the_right_way_up() {
    let upright = file(quarters(64, 48), ImageFormat::Jpeg);
    for (orientation, width, seen) in [
        (1, 64, ['r', 'g', 'b', 'b']),
        (2, 64, ['g', 'r', 'b', 'b']),
        (3, 64, ['b', 'b', 'g', 'r']),
        (6, 48, ['b', 'r', 'b', 'g']),
        (8, 48, ['g', 'b', 'r', 'b']),
    ] {
        let remade = made_anew(with_segment(&upright, 0xe1, &exif(orientation))).unwrap();
        assert_eq!((size(&remade.full).0, colours(&remade.full)), (width, seen), "{orientation}");
        assert_eq!((size(&remade.small).0, colours(&remade.small)), (width, seen), "{orientation}");
    }
}

#[test]
fn nothing_but_the_pixels_is_kept() {
    let jpeg = file(quarters(64, 48), ImageFormat::Jpeg);
    let mut hiding = with_segment(&jpeg, 0xe1, &exif(1));
    hiding = with_segment(&hiding, 0xfe, b"GPS in a comment <script>alert(1)</script>");
    hiding.extend(b"PK\x03\x04 an archive <html><script>alert(1)</script></html>");
    assert!(contains(&hiding, b"GPS") && contains(&hiding, b"<script>") && contains(&hiding, b"Exif"));
    let remade = made_anew(hiding).unwrap();
    for file in [&remade.full, &remade.small] {
        for hidden in [&b"GPS"[..], b"Exif", b"PK\x03\x04", b"script", b"html"] {
            assert!(!contains(file, hidden), "{hidden:?}");
        }
    }
    assert_eq!(colours(&remade.full), ['r', 'g', 'b', 'b']);
}

#[test]
fn of_several_pictures_in_one_file_the_first_is_taken() {
    let (first, second) = (quarters(64, 48), RgbImage::from_pixel(64, 48, Rgb([20, 20, 220])));
    let mut gif = Vec::new();
    let frames =
        [&first, &second].map(|picture| Frame::new(DynamicImage::from(picture.clone()).into_rgba8()));
    GifEncoder::new(&mut gif).encode_frames(frames).unwrap();
    for (what, file) in [("gif", gif), ("webp", animated_webp(&[first, second]))] {
        let remade = made_anew(file).unwrap();
        assert_eq!((size(&remade.full), colours(&remade.full)), ((64, 48), ['r', 'g', 'b', 'b']), "{what}");
        assert_eq!(remade.extension, "jpg", "{what}");
    }
}

#[test]
fn what_is_no_picture_of_these_kinds_is_refused() {
    assert_eq!(made_anew(Vec::new()).unwrap_err(), InvalidPicture::Empty);
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>"#;
    let bmp = [&b"BM"[..], &[0; 60]].concat();
    let tiff = [&b"II*\0"[..], &[0; 60]].concat();
    let mp4 = b"\0\0\0\x20ftypavif\0\0\0\0avifmif1".to_vec();
    for none in
        [svg.to_vec(), b"<html>".to_vec(), b"PK\x03\x04".to_vec(), b"%PDF-1.7".to_vec(), bmp, tiff, mp4]
    {
        assert_eq!(made_anew(none.clone()).unwrap_err(), InvalidPicture::UnknownKind, "{none:?}");
    }
}

#[test]
fn damaged_files_are_refused_wherever_they_end() {
    for kind in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let whole = file(quarters(64, 48), kind);
        for length in (12..whole.len() * 3 / 4).step_by(7) {
            assert_eq!(
                made_anew(whole[..length].to_vec()).unwrap_err(),
                InvalidPicture::Damaged,
                "{kind:?} {length}"
            );
        }
    }
    // Of a JPEG file what is there is shown, as browsers do.
    let whole = file(quarters(64, 48), ImageFormat::Jpeg);
    for length in 3..whole.len() {
        match made_anew(whole[..length].to_vec()) {
            Ok(remade) => assert_eq!(size(&remade.full), (64, 48), "{length}"),
            Err(error) => assert_eq!(error, InvalidPicture::Damaged, "{length}"),
        }
    }
    assert_eq!(made_anew(b"\xff\xd8\xff".to_vec()).unwrap_err(), InvalidPicture::Damaged);
}

#[test]
fn a_small_file_that_claims_to_be_huge_is_refused_before_it_costs_anything() {
    let mut gif = file(quarters(8, 8), ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[0x50, 0xc3, 0x50, 0xc3]);
    let mut jpeg = file(quarters(8, 8), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
    for side in [5, 7] {
        jpeg[frame + side..frame + side + 2].copy_from_slice(&50_000_u16.to_be_bytes());
    }
    let mut webp = file(quarters(8, 8), ImageFormat::WebP);
    // The sides of a lossless picture less one, of 14 bits each, behind its signature.
    let sides = (16_000_u32 | 16_000 << 14).to_le_bytes();
    webp[21..25].copy_from_slice(&sides);
    for (what, bomb) in [("png", png_header(50_000, 50_000)), ("gif", gif), ("jpeg", jpeg), ("webp", webp)] {
        let mut refused = None;
        let spent = allocation_counter::measure(|| refused = made_anew(bomb.clone()).err());
        assert!(matches!(refused, Some(InvalidPicture::TooManyPixels { .. })), "{what}: {refused:?}");
        assert!(spent.bytes_max < 1024 * 1024, "{what}: {}", spent.bytes_max);
    }
}

#[test]
fn the_largest_pictures_are_made_anew_in_64_mib() {
    let photo = RgbImage::from_pixel(4_032, 3_024, Rgb([200, 100, 50]));
    let transparent = RgbaImage::from_pixel(4_000, 3_000, Rgba([9, 9, 9, 9]));
    let mut seed = 1_u32;
    let noise = RgbaImage::from_fn(2_048, 2_048, |_, _| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Rgba(seed.to_be_bytes())
    });
    let deep = ImageBuffer::<Rgba<u16>, _>::from_pixel(1_770, 1_770, Rgba([9, 9, 9, 9]));
    let webp = RgbImage::from_pixel(2_600, 2_400, Rgb([200, 100, 50]));
    let mut gif = Vec::new();
    let frame = Frame::new(RgbaImage::from_pixel(2_300, 2_400, Rgba([200, 100, 50, 255])));
    GifEncoder::new_with_speed(&mut gif, 30).encode_frames([frame]).unwrap();
    for (what, file) in [
        ("a photo", file(photo.clone(), ImageFormat::Jpeg)),
        ("a picture of a screen", file(photo, ImageFormat::Png)),
        ("something transparent", file(transparent, ImageFormat::Png)),
        ("transparent noise", file(noise, ImageFormat::Png)),
        ("sixteen bits", file(deep, ImageFormat::Png)),
        ("webp", file(webp, ImageFormat::WebP)),
        ("gif", gif),
    ] {
        let mut remade = None;
        let spent = allocation_counter::measure(|| {
            // As if the file were as large as any may be.
            let mut file = file.clone();
            file.resize(file.len().max(10 * 1024 * 1024), 0);
            remade = Some(made_anew(file));
        });
        assert!(matches!(remade, Some(Ok(_))), "{what}: {remade:?}");
        assert!(spent.bytes_max <= MEMORY_BYTES_MAX, "{what}: {}", spent.bytes_max);
    }
}

#[test]
fn what_comes_in_several_scans_is_known_by_its_header() {
    let baseline = file(quarters(64, 48), ImageFormat::Jpeg);
    assert!(!is_progressive(&baseline));
    let commented = with_segment(&baseline, 0xfe, &[0xff, 0xc2, 0, 0]);
    assert!(!is_progressive(&commented), "what looks like a marker within a segment is none");
    let mut several = commented;
    let frame = several.windows(3).position(|marker| marker == [0xff, 0xc0, 0]).unwrap();
    several[frame + 1] = 0xc2;
    assert!(is_progressive(&several));
    assert!(!is_progressive(b"\xff\xd8\xff\xe0\xff"));
}

#[test]
fn of_a_square_picture_the_middle_is_kept_the_right_way_up() {
    let mut wide = RgbImage::from_pixel(1_400, 700, Rgb([250, 0, 0]));
    for (x, _, pixel) in wide.enumerate_pixels_mut() {
        if (350..1_050).contains(&x) {
            *pixel = Rgb([0, 0, 250]);
        }
    }
    let square = remake(file(wide, ImageFormat::Png), Shape::Square).unwrap();
    assert_eq!(size(&square.full), (SQUARE_SIDE_MAX, SQUARE_SIDE_MAX));
    let pixels = image::load_from_memory(&square.full).unwrap().into_rgb8();
    assert!(pixels.pixels().all(|pixel| pixel.0[2] > 200 && pixel.0[0] < 60));
    let small = remake(file(RgbImage::new(30, 40), ImageFormat::Png), Shape::Square).unwrap();
    assert_eq!(size(&small.full), (30, 30));
}
