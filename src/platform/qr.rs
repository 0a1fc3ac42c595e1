//! QR codes as pictures that stay sharp on any screen and on paper.

/// The code of `text` as SVG; `attributes` go into its first tag. `None`: no code can hold the text.
#[must_use]
pub fn svg(text: &str, attributes: &str) -> Option<String> {
    let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M).ok()?;
    let (width, dark) = (code.width(), code.to_colors());
    let side = width + 8;
    let mut path = String::new();
    for (at, _) in dark.iter().enumerate().filter(|(_, c)| **c == qrcode::Color::Dark) {
        path += &format!("M{} {}h1v1h-1z", at % width + 4, at / width + 4);
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\"{attributes} \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>"
    ))
}
