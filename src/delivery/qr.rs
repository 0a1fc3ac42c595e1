//! A code as a picture that stays sharp on any paper.

/// The QR code of a parcel's number as SVG; empty for a text that no code can hold.
pub(super) fn qr_svg(text: &str) -> String {
    let Ok(code) = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M) else {
        return String::new();
    };
    let (width, dark) = (code.width(), code.to_colors());
    let side = width + 8;
    let mut path = String::new();
    for (at, _) in dark.iter().enumerate().filter(|(_, c)| **c == qrcode::Color::Dark) {
        path += &format!("M{} {}h1v1h-1z", at % width + 4, at / width + 4);
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"160\" height=\"160\" \
         role=\"img\" aria-label=\"{text}\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/>\
         <path d=\"{path}\"/></svg>",
        text = text.chars().filter(char::is_ascii_alphanumeric).collect::<String>(),
    )
}
