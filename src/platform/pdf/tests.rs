use super::*;
use chrono::{TimeZone, Utc};
use std::io::Write;

fn meta(size: PageSize) -> Meta {
    Meta {
        title: "Hợp đồng thử".into(),
        author: "Sàn Quảng Trị".into(),
        lang: "vi",
        made_at: Utc.with_ymd_and_hms(2026, 11, 22, 2, 0, 0).unwrap(),
        foot: "Hợp đồng thử".into(),
        page_word: "Trang",
        size,
    }
}

fn table(rows: usize) -> Table {
    let row = |at: usize| {
        vec![
            vec![Span::of((at + 1).to_string())],
            vec![Span::bold("Cà phê Khe Sanh – đặc sản "), Span::of("gói 500 g, rang mộc")],
            vec![Span::of("1.234.567 ₫")],
        ]
    };
    Table {
        columns: vec![
            Column::words("STT", 1.0),
            Column::words("Hàng hóa", 6.0),
            Column::figures("Thành tiền", 3.0),
        ],
        rows: (0..rows).map(row).collect(),
        totals: vec![("Tổng cộng".into(), "1.234.567 ₫".into(), true)],
    }
}

fn paper(blocks: Vec<Block>) -> Paper {
    Paper { meta: meta(PageSize::A4), blocks }
}

/// What a reader of the file copies out of it.
fn read(bytes: &[u8]) -> String {
    let mut file = tempfile();
    file.1.write_all(bytes).unwrap();
    let out = std::process::Command::new("pdftotext")
        .args(["-layout", file.0.to_str().unwrap(), "-"])
        .output()
        .expect("pdftotext of the Debian package poppler-utils");
    std::fs::remove_file(&file.0).unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

fn tempfile() -> (std::path::PathBuf, std::fs::File) {
    let path = std::env::temp_dir().join(format!("paper-{}.pdf", uuid::Uuid::new_v4().simple()));
    let file = std::fs::File::create(&path).unwrap();
    (path, file)
}

#[test]
fn every_vietnamese_letter_comes_out_as_it_went_in() {
    let letters = "Cà phê Khe Sanh – đặc sản: ạảãàáâậầấẩẫăắằặẳẵ óòọõỏôộổỗồốơờớợởỡ éèẻẹẽêếềệểễ úùụủũưựữửừứ \
                   íìịỉĩ ýỳỷỵỹ đ ĐẶNG NGUYỄN “nháy” 1.250.000 ₫";
    let text = read(&paper(vec![Block::plain(letters)]).print().unwrap());
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains(&letters.replace('\u{a0}', " ")), "{flat}");
}

#[test]
fn marks_typed_apart_are_joined_and_unknown_letters_do_not_stop_it() {
    let apart = "Ca\u{300} phe\u{302} \u{4e2d}";
    let text = read(&paper(vec![Block::plain(apart)]).print().unwrap());
    assert!(text.contains("Cà phê ?"), "{text}");
}

#[test]
fn a_long_table_goes_on_with_its_header_and_says_how_many_pages() {
    let bytes =
        paper(vec![Block::Title("HỢP ĐỒNG".into()), Block::Table(table(90))]).print().unwrap();
    let text = read(&bytes);
    let pages: Vec<&str> = text.split('\u{c}').filter(|p| !p.trim().is_empty()).collect();
    assert!(pages.len() > 2, "{}", pages.len());
    for (at, page) in pages.iter().enumerate() {
        assert!(page.contains("Thành tiền"), "page {} lacks the header: {page}", at + 1);
        assert!(page.contains(&format!("Trang {}/{}", at + 1, pages.len())), "{page}");
    }
    assert_eq!(text.matches("Cà phê Khe Sanh").count(), 90);
}

#[test]
fn the_same_paper_gives_the_same_small_file_with_only_used_letters() {
    let blocks = || {
        vec![
            Block::Heading("Một".into()),
            Block::Facts(vec![("Mã số thuế".into(), vec![Span::of("3200000027")])]),
            Block::Table(table(3)),
            Block::Qr { payload: "https://example.vn".into(), width: 80.0, alt: "Mã QR".into() },
            Block::Signatures(vec![("Bên bán".into(), "ký".into(), "A".into())]),
        ]
    };
    let (one, two) = (paper(blocks()).print().unwrap(), paper(blocks()).print().unwrap());
    assert_eq!(one, two);
    assert!(one.starts_with(b"%PDF-") && one.len() < 60_000, "{}", one.len());
    let text = String::from_utf8_lossy(&one);
    assert!(
        text.contains("pdfuaid") && text.contains("/StructTreeRoot") && text.contains("/Lang(vi)")
    );
}

#[test]
fn a_paper_without_end_is_refused() {
    let blocks = vec![Block::Table(table(4000))];
    assert!(paper(blocks).print().is_err());
}

#[test]
fn words_wider_than_a_line_are_cut() {
    let long = format!("https://example.vn/{}", "a".repeat(400));
    let text = read(&paper(vec![Block::plain(long.clone())]).print().unwrap());
    let joined: String = text.split_whitespace().collect();
    assert!(joined.contains(&long), "{text}");
}
