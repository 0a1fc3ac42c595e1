//! Pictures: never kept as sent. Decoded under limits, turned by EXIF, stripped, resized, re-encoded.

use crate::kernel::Text;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder,
};
use std::io::Cursor;

/// Widths that pages ask for, in pixels.
pub const WIDTHS: [u32; 3] = [240, 480, 960];

/// One size in both formats.
pub struct Size {
    /// Nominal width in pixels (a smaller original is not blown up).
    pub width: u32,
    /// Lossy WebP.
    pub webp: Vec<u8>,
    /// JPEG for what cannot read WebP.
    pub jpeg: Vec<u8>,
}

/// A picture made safe.
pub struct Picture {
    /// Pixels of the turned original.
    pub width: u32,
    /// Pixels of the turned original.
    pub height: u32,
    /// One for each of [`WIDTHS`].
    pub sizes: Vec<Size>,
}

/// Decodes and re-encodes. Takes a good part of a second: call it by `spawn_blocking`.
///
/// # Errors
/// A text for the field: too large, not a JPEG, PNG or WebP, or broken.
pub fn sanitise(bytes: &[u8]) -> Result<Picture, Text> {
    decode(bytes).and_then(|image| encode(&image).ok()).ok_or_else(|| {
        Text::new(
            "Không đọc được ảnh này. Ảnh phải là JPEG, PNG hoặc WebP, không quá 10 MB và 8.000 điểm mỗi chiều.",
            "This picture cannot be read. It must be a JPEG, PNG or WebP of at most 10 MB and 8,000 pixels a side.",
        )
    })
}

fn decode(bytes: &[u8]) -> Option<DynamicImage> {
    if bytes.len() > 10 << 20 {
        return None;
    }
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) {
        return None;
    }
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height, limits.max_alloc) =
        (Some(8000), Some(8000), Some(256 << 20));
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let turn = decoder.orientation().ok()?;
    let mut image = DynamicImage::from_decoder(decoder).ok()?;
    image.apply_orientation(turn);
    Some(DynamicImage::ImageRgb8(image.to_rgb8()))
}

fn encode(image: &DynamicImage) -> anyhow::Result<Picture> {
    let (width, height) = (image.width(), image.height());
    let sizes = WIDTHS
        .iter()
        .map(|wanted| {
            let w = (*wanted).min(width).max(1);
            let h =
                u32::try_from(u64::from(height) * u64::from(w) / u64::from(width.max(1)))?.max(1);
            let mut out = DynamicImage::new_rgb8(w, h);
            let options =
                ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
            Resizer::new().resize(image, &mut out, &options)?;
            let mut jpeg = Vec::new();
            out.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, 80))?;
            let rgb = out.to_rgb8();
            let webp = webp::Encoder::from_rgb(&rgb, w, h).encode(78.0).to_vec();
            Ok(Size { width: *wanted, webp, jpeg })
        })
        .collect::<anyhow::Result<_>>()?;
    Ok(Picture { width, height, sizes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_picture_is_refused_and_the_shape_is_kept() {
        assert!(sanitise(b"<svg onload=alert(1)>").is_err());
        assert!(sanitise(b"\xff\xd8\xff\xe0broken").is_err());
        let mut png = Vec::new();
        DynamicImage::new_rgba8(400, 200)
            .write_to(&mut Cursor::new(&mut png), ImageFormat::Png)
            .unwrap();
        let picture = sanitise(&png).unwrap_or_else(|text| panic!("{text}"));
        let shapes: Vec<_> = picture
            .sizes
            .iter()
            .map(|s| image::load_from_memory(&s.jpeg).map(|i| (i.width(), i.height())).unwrap())
            .collect();
        assert_eq!(shapes, [(240, 120), (400, 200), (400, 200)]);
        assert!(picture.sizes.iter().all(|s| s.webp.starts_with(b"RIFF")));
    }
}
