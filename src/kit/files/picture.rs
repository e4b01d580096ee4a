//! Pictures are decoded within limits and written anew, so that nothing but pixels is kept: no place, no camera, no
//! second file hidden behind the first. Slow: call it from a blocking thread.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::kind::{Kind, Unfit};

/// A picture with more pixels than this is refused before it is decoded.
pub const MOST_PIXELS: u64 = 40_000_000;
/// The longer side of what is kept; larger pictures are made smaller.
pub const LONGEST_SIDE: u32 = 2400;
/// The side of the square a thumbnail fits into.
pub const THUMBNAIL_SIDE: u32 = 320;
const QUALITY: u8 = 86;
const DECODER_MEMORY: u64 = 256 * 1024 * 1024;

/// A picture as it is kept.
pub struct Picture {
    pub kind: Kind,
    pub bytes: Vec<u8>,
    pub width: u32,
    pub height: u32,
    /// JPEG or PNG, as `kind` says.
    pub thumbnail: Vec<u8>,
}

/// Decodes, turns upright, shrinks where needed and writes anew. WebP becomes JPEG, or PNG where it is transparent.
pub fn clean(bytes: &[u8], kind: Kind) -> Result<Picture, Unfit> {
    let format = match kind {
        Kind::Png => ImageFormat::Png,
        Kind::Jpeg => ImageFormat::Jpeg,
        Kind::Webp => ImageFormat::WebP,
        _ => return Err(Unfit::Kind),
    };
    let (width, height) = reader(bytes, format).into_dimensions().map_err(|_| Unfit::Broken)?;
    if width == 0 || height == 0 {
        return Err(Unfit::Broken);
    }
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Unfit::Pixels);
    }
    let mut decoder = reader(bytes, format).into_decoder().map_err(|_| Unfit::Broken)?;
    let upright = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| Unfit::Broken)?;
    picture.apply_orientation(upright);
    if picture.width().max(picture.height()) > LONGEST_SIDE {
        picture = picture.thumbnail(LONGEST_SIDE, LONGEST_SIDE);
    }
    let transparent = picture.color().has_alpha();
    let kind = match kind {
        Kind::Webp if transparent => Kind::Png,
        Kind::Webp => Kind::Jpeg,
        kept => kept,
    };
    Ok(Picture {
        kind,
        width: picture.width(),
        height: picture.height(),
        thumbnail: encode(&picture.thumbnail(THUMBNAIL_SIDE, THUMBNAIL_SIDE), kind)?,
        bytes: encode(&picture, kind)?,
    })
}

fn reader(bytes: &[u8], format: ImageFormat) -> ImageReader<Cursor<&[u8]>> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODER_MEMORY);
    reader.limits(limits);
    reader
}

fn encode(picture: &DynamicImage, kind: Kind) -> Result<Vec<u8>, Unfit> {
    let mut bytes = Vec::new();
    let written = match kind {
        Kind::Jpeg => picture.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY)),
        // Eight bits a channel: what a browser shows.
        _ if picture.color().has_alpha() => picture.to_rgba8().write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png),
        _ => picture.to_rgb8().write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png),
    };
    written.map_err(|_| Unfit::Broken)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::*;

    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        let picture = RgbImage::from_fn(width, height, |x, y| Rgb([x as u8, y as u8, 90]));
        let mut bytes = Vec::new();
        picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90)).expect("a fresh picture encodes");
        bytes
    }

    /// Puts an EXIF block that says "turn me by 90°, taken here" behind the first marker.
    fn with_exif(jpeg: &[u8]) -> Vec<u8> {
        let tiff = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0GPS 48.85,2.35";
        let mut bytes = jpeg[..2].to_vec();
        bytes.extend([0xff, 0xe1]);
        bytes.extend(((tiff.len() + 8) as u16).to_be_bytes());
        bytes.extend(b"Exif\0\0");
        bytes.extend(tiff);
        bytes.extend(&jpeg[2..]);
        bytes
    }

    #[test]
    fn a_picture_keeps_its_pixels_and_loses_its_place() {
        let bytes = with_exif(&jpeg(60, 40));
        let kept = clean(&bytes, Kind::Jpeg).expect("the picture is sound");
        assert_eq!((kept.width, kept.height), (40, 60), "turned upright before the hint is dropped");
        for written in [&kept.bytes, &kept.thumbnail] {
            assert!(!written.windows(4).any(|window| window == b"Exif" || window == b"GPS "));
        }
    }

    #[test]
    fn what_hides_behind_a_picture_is_dropped() {
        let mut bytes = jpeg(20, 20);
        bytes.extend(b"PK\x03\x04<script>alert(1)</script>");
        let kept = clean(&bytes, Kind::Jpeg).expect("the picture is sound");
        assert!(!kept.bytes.windows(7).any(|window| window == b"<script"));
    }

    #[test]
    fn a_flood_of_pixels_is_refused_before_it_is_decoded() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff\x08\x02\0\0\0".to_vec();
        png.extend([0x6d, 0x4c, 0x0c, 0x9a]); // a wrong checksum is as good as any: it must not get that far
        assert!(matches!(clean(&png, Kind::Png), Err(Unfit::Pixels | Unfit::Broken)));
        assert_eq!(clean(b"\x89PNG\r\n\x1a\n", Kind::Png).err(), Some(Unfit::Broken));
    }

    #[test]
    fn a_large_picture_is_made_smaller_and_gets_a_thumbnail() {
        let kept = clean(&jpeg(3000, 1500), Kind::Jpeg).expect("the picture is sound");
        assert_eq!((kept.width, kept.height), (2400, 1200));
        let thumbnail = image::load_from_memory(&kept.thumbnail).expect("a thumbnail decodes");
        assert_eq!((thumbnail.width(), thumbnail.height()), (320, 160));
    }
}
