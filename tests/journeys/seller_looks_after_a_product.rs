//! A product on sale: its pictures, the papers it needs, its price and its stock.

use crate::{
    seller_lists_a_product::{SLUG, on_sale, shop, shown},
    support::World,
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::{catalogue, kernel::Vnd};

/// A JPEG with an EXIF block that names a place.
fn photo() -> Vec<u8> {
    let mut jpeg = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(600, 400).write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    let jpeg = jpeg.into_inner();
    let secret = b"Exif\0\0MM\0*\0\0\0\x08\0\0 GPS-SECRET-16.62N";
    let length = u16::try_from(secret.len() + 2).unwrap().to_be_bytes();
    let mut with = jpeg[..2].to_vec();
    with.extend([0xFF, 0xE1]);
    with.extend(length);
    with.extend(secret);
    with.extend(&jpeg[2..]);
    with
}

#[tokio::test]
async fn pictures_are_made_anew_and_junk_is_refused() {
    let world = World::new().await;
    let (lan, seller) = shop(&world, "Đậu Lan", "lan@vd.vn").await;
    let id = on_sale(&world, seller, "2027-12-31").await;
    let path = format!("/ban-hang/san-pham/{id}");
    let form =
        || async { lan.browser.get(&path).await.ok().form(&format!("form[action='{path}/anh']")) };
    let junk = form().await.file("anh", "anh.jpg", b"<svg onload=alert(1)>");
    let refused = lan.browser.send(&junk).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.contains("Không đọc được ảnh"));
    assert!(photo().windows(10).any(|w| w == b"GPS-SECRET"));
    let good = form().await.file("anh", "anh.jpg", &photo());
    lan.browser.send(&good).await.ok();
    lan.browser.send(&good).await.ok();
    let (cx, mut db) = (world.cx(), world.db.acquire().await.unwrap());
    let listing = catalogue::preview(&mut db, &cx, id).await.unwrap().unwrap();
    assert_eq!(listing.pictures.len(), 1, "sent twice, kept once");
    assert!(listing.visible, "a new picture needs no new review");
    for format in ["webp", "jpg"] {
        let url = format!("{}{}", world.base, listing.pictures[0].src(480, format));
        let got = lan.browser.http.get(url).send().await.unwrap();
        assert!(got.headers()["cache-control"].to_str().unwrap().contains("immutable"));
        let bytes = got.bytes().await.unwrap();
        assert!(!bytes.windows(10).any(|w| w == b"GPS-SECRET"), "{format}");
        assert_eq!(image::load_from_memory(&bytes).unwrap().width(), 480);
    }
    for path in ["/anh/papers/x", "/anh/pictures/..%2f..%2fx.jpg", "/anh/certificates/x.jpg"] {
        assert_eq!(lan.browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(lan.browser.get("/tranh/rice/green.svg").await.ok().text.starts_with("<svg"));
    assert_eq!(lan.browser.get("/tranh/rice/nope.svg").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_demanded_paper_that_lapses_hides_its_product() {
    let world = World::new().await;
    let (lan, seller) = shop(&world, "Đậu Lan", "lan@vd.vn").await;
    let id = on_sale(&world, seller, "2026-11-28").await;
    assert!(shown(&world, SLUG).await);
    world.run_jobs().await;
    let lapse_mails = async || {
        let mails = world.mails_to("lan@vd.vn").await;
        mails.iter().filter(|(subject, _)| subject.contains("hết hạn")).count()
    };
    assert_eq!(lapse_mails().await, 1, "seven days before");
    world.wait(TimeDelta::days(6)).await;
    assert!(shown(&world, SLUG).await, "valid on its last day");
    assert_eq!(lapse_mails().await, 2, "one day before");
    world.wait(TimeDelta::days(1)).await;
    world.wait(TimeDelta::hours(2)).await;
    assert!(!shown(&world, SLUG).await);
    assert_eq!(lapse_mails().await, 3, "once on the day");
    let (cx, mut db) = (world.cx(), world.db.acquire().await.unwrap());
    let variant = catalogue::preview(&mut db, &cx, id).await.unwrap().unwrap().variants[0].id;
    assert!(!catalogue::offers(&mut db, &cx, &[variant]).await.unwrap()[0].sellable);
    // A new paper, seen by an officer, brings it back.
    let path = format!("/ban-hang/san-pham/{id}");
    let form = lan.browser.get(&path).await.ok().form(&format!("form[action='{path}/giay-to']"));
    let filled = form
        .with("kind", "organic")
        .with("number", "HC-02")
        .with("issuer", "Tổ chức chứng nhận")
        .with("expires", "31/12/2028");
    let bad = lan.browser.send(&filled.clone().file("tep", "giay.pdf", b"MZ program")).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(bad.form(&format!("form[action='{path}/giay-to']")).value("number"), Some("HC-02"));
    lan.browser.send(&filled.file("tep", "giay.pdf", b"%PDF-1.7 x")).await.ok().shows("HC-02");
    assert!(!shown(&world, SLUG).await, "not before it is seen");
    let officer = world.officer("Cán bộ Hòa", "hoa@so.vn").await;
    let review = officer.browser.get(&format!("/so-cong-thuong/tin-dang/{id}")).await.ok();
    let forms = review.attributes("form[action*='giay-to']", "action");
    let paper = forms.last().unwrap();
    officer.browser.post(paper, &[("act", "accept")]).await.ok();
    assert!(shown(&world, SLUG).await);
}

#[tokio::test]
async fn prices_and_stock_are_changed_by_the_page() {
    let world = World::new().await;
    let (lan, seller) = shop(&world, "Đậu Lan", "lan@vd.vn").await;
    let id = on_sale(&world, seller, "2027-12-31").await;
    let (cx, mut db) = (world.cx(), world.db.acquire().await.unwrap());
    let variant = catalogue::preview(&mut db, &cx, id).await.unwrap().unwrap().variants[0].id;
    let page = lan.browser.get("/ban-hang/san-pham?q=gao+hai+lang").await.ok().lacks("Gạo hữu cơ");
    drop(page);
    let page = lan.browser.get("/ban-hang/san-pham?q=gao+huu+co&t=published").await.ok();
    let form = page.form("form[action='/ban-hang/san-pham/gia-ton']");
    let (price, stock) = (format!("gia.{variant}"), format!("ton.{variant}"));
    let bad = lan.browser.send(&form.clone().with(&price, "-5")).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    lan.browser
        .send(&form.clone().with(&price, "175.000").with(&stock, "12"))
        .await
        .ok()
        .shows("Đã lưu 1 dòng");
    let now = catalogue::preview(&mut db, &cx, id).await.unwrap().unwrap();
    assert_eq!((now.variants[0].price, now.variants[0].available), (Vnd(175_000), 12));
    assert!(now.visible);
    // The page was open elsewhere: what it shows is no longer so.
    let conflict = lan.browser.send(&form.with(&price, "150.000")).await;
    assert!(conflict.contains("Người khác vừa sửa"), "{}", conflict.main_text());
    // More are promised than the new number.
    let order = santinh::kernel::OrderId(cx.new_id());
    santinh::stock::reserve(&mut db, &cx, order, &[(variant, 10)]).await.unwrap();
    let form = lan
        .browser
        .get("/ban-hang/san-pham")
        .await
        .ok()
        .form("form[action='/ban-hang/san-pham/gia-ton']");
    let refused = lan.browser.send(&form.with(&stock, "9")).await;
    assert!(refused.contains("Khách đã đặt 10"), "{}", refused.main_text());
    lan.browser.get("/ban-hang/san-pham?het=1").await.ok().shows("Gạo hữu cơ");
}
