//! Scans that the demo's firms handed in: small PDF pages that say what they stand for.

/// A one-page PDF with `line` in a standard font. Marks of Vietnamese are left out: the fourteen standard
/// fonts have none.
pub(super) fn pdf(line: &str) -> Vec<u8> {
    let line: String = crate::kernel::fold(line)
        .chars()
        .filter(|c| c.is_ascii() && !"()\\".contains(*c))
        .collect();
    let text =
        format!("BT /F1 16 Tf 60 760 Td (BAN SCAN MINH HOA - SAN TINH) Tj 0 -32 Td ({line}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".into(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".into(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".into(),
    ];
    let mut out = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    let start = out.len();
    out.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for place in places {
        out.push_str(&format!("{place:010} 00000 n \n"));
    }
    out.push_str(&format!(
        "trailer << /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    ));
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use crate::platform::files::PaperType;

    #[test]
    fn a_scan_is_a_pdf() {
        let pdf = super::pdf("Giấy chứng nhận (mẫu)");
        assert_eq!(PaperType::of(&pdf).ok(), Some(PaperType::Pdf));
        assert!(String::from_utf8(pdf).unwrap().contains("(giay chung nhan mau)"));
    }
}
