//! A firm opens a shop, hands in its file, and the Department decides.

use crate::support::{
    World,
    browser::{Answer, Browser},
    people::Somebody,
};
use reqwest::StatusCode;
use santinh::{
    enterprises,
    kernel::{Cx, SellerId, TaxCode, day_of, parse_day},
    platform::spreadsheet::Table,
};

pub(super) const ROASTER: &str = "3299491692";
pub(super) const OTHER: &str = "3299401314";
const PDF: &[u8] = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF";

/// From the tax code to a draft.
async fn opens_a_shop(who: &Somebody, tax_code: &str) -> Answer {
    let start = who.browser.get("/mo-gian-hang").await.ok();
    let form = start.form(r#"form[action="/mo-gian-hang/thong-tin"]"#).with("mst", tax_code);
    let details = who.browser.send(&form).await.ok();
    let form = details.form(r#"form[action="/mo-gian-hang"]"#);
    who.browser.send(&filled(form).with("act", "open")).await
}

fn filled(form: crate::support::browser::FormOnPage) -> crate::support::browser::FormOnPage {
    form.with("legal_name", "Công ty TNHH Rang xay Sương Sớm")
        .with("shop_name", "Sương Sớm")
        .with("commune", "19429")
        .with("address", "12 Lê Duẩn")
        .with("vsic", "10")
        .with("employees", "8")
        .with("revenue", "2.500.000.000")
        .with("registration_no", "3299491692")
        .with("registered_on", "2019-04-12")
        .with("registered_by", "Sở Kế hoạch và Đầu tư Quảng Trị")
        .with("phone", "0900 000 123")
        .with("email", "lienhe@suongsom.vn")
        .with("intro", "Cà phê rang trong ngày.")
}

pub(super) async fn hands_in_licence(browser: &Browser) -> Answer {
    let form = browser.get("/ban-hang/giay-to").await.ok();
    let form = form
        .form(r#"form[action="/ban-hang/giay-to"]"#)
        .with("kind", "business-licence")
        .with("number", "3299491692")
        .with("issuer", "Sở Kế hoạch và Đầu tư")
        .with("issued", "12/04/2019")
        .file("file", "giấy phép.pdf", PDF);
    browser.send(&form).await
}

pub(super) async fn tells_bank(browser: &Browser) -> Answer {
    let form = browser.get("/ban-hang/ngan-hang").await.ok();
    let form = form
        .form(r#"form[action="/ban-hang/ngan-hang"]"#)
        .with("bank", "970436")
        .with("number", "0071 0001 2345")
        .with("name", "Công ty TNHH Rang xay Sương Sớm");
    browser.send(&form).await
}

async fn submits(browser: &Browser) -> Answer {
    let page = browser.get("/ban-hang/ho-so").await.ok();
    browser.send(&page.form(r#"form[action="/ban-hang/ho-so/gui"]"#)).await
}

/// An officer decides on the page of a shop.
pub(super) async fn decides(officer: &Somebody, shop: &str, act: &str, reason: &str) -> Answer {
    let page = officer.browser.get(shop).await.ok();
    let form = page.form(&format!(r#"form[action="{shop}"]"#));
    officer.browser.send(&form.with("reason", reason).with("act", act)).await
}

async fn the_only_seller(world: &World) -> SellerId {
    let ids: Vec<uuid::Uuid> = sqlx::query_scalar("select id from enterprises.sellers")
        .fetch_all(&world.db)
        .await
        .unwrap();
    assert_eq!(ids.len(), 1);
    SellerId(ids[0])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roaster_opens_a_shop_and_is_admitted() {
    let world = World::new().await;
    let lan = world.person("Hồ Thị Lan", "lan@suongsom.vn").await;
    let officer = world.officer("Nguyễn Văn Minh", "minh@sct.example").await;

    // A slip in the tax code is noticed, and the form keeps what was typed.
    let wrong = lan.browser.get("/mo-gian-hang/thong-tin?mst=3299491693").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.contains("chữ số kiểm tra") && wrong.text.contains(r#"value="3299491693""#));

    let profile = opens_a_shop(&lan, ROASTER).await.ok();
    assert_eq!(profile.path, "/ban-hang/ho-so");
    let profile = profile.shows("Còn thiếu").shows("(2/4)").shows("Siêu nhỏ");
    assert!(profile.find_form(r#"form[action="/ban-hang/ho-so/gui"]"#).is_none());
    // Even without the button.
    assert_eq!(lan.browser.post("/ban-hang/ho-so/gui", &[]).await.status, StatusCode::CONFLICT);

    // A program is not a paper, whatever it is called.
    let form = lan.browser.get("/ban-hang/giay-to").await;
    let form = form.form(r#"form[action="/ban-hang/giay-to"]"#).with("kind", "business-licence");
    let form =
        form.with("number", "1").with("issuer", "Sở").file("file", "giay.pdf", b"MZ\x90\x00");
    let refused = lan.browser.send(&form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.contains("PDF hoặc ảnh") && refused.text.contains(r#"value="Sở""#));

    hands_in_licence(&lan.browser).await.ok().shows("Chờ xem");
    tells_bank(&lan.browser)
        .await
        .ok()
        .shows("007100012345")
        .shows("CONG TY TNHH RANG XAY SUONG SOM");
    // Its owners are told, without the whole number.
    world.run_jobs().await;
    let letters = world.mails_to(&lan.email).await;
    assert!(letters.iter().any(|(_, body)| body.contains("•••• 2345")), "{letters:?}");
    assert!(letters.iter().all(|(_, body)| !body.contains("007100012345")));
    submits(&lan.browser).await.ok().shows("Đã gửi hồ sơ");
    // What is with the Department does not change.
    let seller = the_only_seller(&world).await;
    let late = lan.browser.post("/ban-hang/ho-so", &[("version", "1"), ("shop_name", "X")]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);

    // The officer finds it on his desk; a decision without words is not taken.
    officer.browser.get("/so-cong-thuong").await.ok().shows("Sương Sớm");
    officer
        .browser
        .get("/so-cong-thuong/gian-hang?q=suong+som&trang-thai=submitted")
        .await
        .ok()
        .shows("Sương Sớm");
    officer.browser.get("/so-cong-thuong/gian-hang?q=khong-co").await.ok().lacks("Sương Sớm");
    let shop = format!("/so-cong-thuong/gian-hang/{seller}");
    let mute = decides(&officer, &shop, "ask_changes", " ").await;
    assert_eq!(mute.status, StatusCode::UNPROCESSABLE_ENTITY);
    decides(&officer, &shop, "ask_changes", "Ảnh giấy đăng ký mờ, xin chụp lại.")
        .await
        .ok()
        .shows("Cần bổ sung");
    world.run_jobs().await;
    let mails = world.mails_to(&lan.email).await;
    let (_, body) = mails.iter().find(|(s, _)| s.contains("cần bổ sung")).unwrap();
    assert!(body.contains("xin chụp lại") && body.contains("/ban-hang/ho-so"), "{body}");

    lan.browser.get("/ban-hang/ho-so").await.ok().shows("xin chụp lại");
    submits(&lan.browser).await.ok();
    officer.browser.get(&shop).await.ok().shows("Khi bạn duyệt, doanh nghiệp được ghi vào danh bạ");
    decides(&officer, &shop, "approve", "").await.ok().shows("Đang bán");
    world.run_jobs().await;
    // The register did not know this firm; now it does, by what the officer has seen.
    let code = TaxCode::parse(ROASTER).unwrap();
    let entry = enterprises::registered(&mut world.db.acquire().await.unwrap(), &code).await;
    let entry = entry.unwrap().unwrap();
    assert_eq!(entry.name, "Công ty TNHH Rang xay Sương Sớm");
    assert!(entry.is_active(day_of(world.clock.now())), "{entry:?}");
    officer.browser.get(&shop).await.ok().lacks("Không có mã số thuế này trong danh bạ");
    let subjects: Vec<_> = world.mails_to(&lan.email).await.into_iter().map(|(s, _)| s).collect();
    assert!(subjects.iter().any(|s| s.contains("đã được duyệt")), "{subjects:?}");
    assert_eq!(subjects.iter().filter(|s| s.contains("Đã nhận hồ sơ")).count(), 2, "{subjects:?}");

    // The whole story is on the record, and the firm's identity no longer moves.
    let told = lan.browser.get("/ban-hang/ho-so").await.ok();
    let titles = told.texts(".timeline b");
    for step in ["Tạo hồ sơ", "Gửi hồ sơ", "Yêu cầu bổ sung", "Duyệt gian hàng"] {
        assert!(titles.iter().any(|t| t == step), "{step} in {titles:?}");
    }
    let form = told.form(r#"form[action="/ban-hang/ho-so"]"#);
    let form = form.with("intro", "Rang mỗi sáng.").with("legal_name", "Công ty Khác");
    lan.browser
        .send(&form)
        .await
        .ok()
        .shows("Công ty TNHH Rang xay Sương Sớm")
        .shows("Rang mỗi sáng.");
    let facts =
        enterprises::facts(&mut world.db.acquire().await.unwrap(), &[seller]).await.unwrap();
    assert_eq!(facts[&seller].legal_name, "Công ty TNHH Rang xay Sương Sớm");
    let bank = facts[&seller].bank.as_ref().unwrap();
    assert_eq!(bank.open(&world.app.office.sealer).unwrap().number, "007100012345");
    // The database alone does not tell it.
    let kept: String = sqlx::query_scalar("select b::text from enterprises.bank_accounts b")
        .fetch_one(&world.db)
        .await
        .unwrap();
    assert!(!kept.contains("007100012345") && kept.contains("2345"), "{kept}");
    assert_eq!(bank.masked(), "•••• 2345");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_living_shop_per_tax_code_and_one_per_form() {
    let world = World::new().await;
    let lan = world.person("Lan", "lan@a.vn").await;
    let start = lan.browser.get(&format!("/mo-gian-hang/thong-tin?mst={ROASTER}")).await.ok();
    let form = filled(start.form(r#"form[action="/mo-gian-hang"]"#)).with("act", "open");
    // The same form twice at once is one shop.
    let (a, b) = tokio::join!(lan.browser.send(&form), lan.browser.send(&form));
    assert_eq!(
        (a.ok().path.as_str(), b.ok().path.as_str()),
        ("/ban-hang/ho-so", "/ban-hang/ho-so")
    );
    the_only_seller(&world).await;

    let hoa = world.person("Hoa", "hoa@b.vn").await;
    let again = hoa.browser.get(&format!("/mo-gian-hang/thong-tin?mst={ROASTER}")).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.contains("đã có gian hàng"));
    // Also for one who skips the question.
    let form = form.with("key", &uuid::Uuid::new_v4().to_string());
    let forced = hoa.browser.send(&form).await;
    assert_eq!(forced.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(forced.contains("đã có gian hàng") && forced.text.contains("Sương Sớm"));
    the_only_seller(&world).await;

    // Given up, the code is free.
    let page = lan.browser.get("/ban-hang/ho-so").await.ok();
    lan.browser.send(&page.form(r#"form[action="/ban-hang/ho-so/bo"]"#)).await.ok();
    assert_eq!(opens_a_shop(&hoa, ROASTER).await.ok().path, "/ban-hang/ho-so");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_register_is_read_and_a_firm_finds_itself() {
    let world = World::new().await;
    let table = format!(
        "tax_code,name,address,start_date,status,vsic2018_main_and_all\n\
         {ROASTER},CÔNG TY TNHH SƯƠNG,\"12 Lê Duẩn, Khe Sanh\",2019-04-12,Đang hoạt động,1077|1077 4632\n\
         {ROASTER}-001,CHI NHÁNH SƯƠNG,,,,\n\
         {OTHER}-002,CHI NHÁNH MÂY,,,,\n\
         3299491693,SAI SỐ,,,,\n\
         3299184638,,,,,\n"
    );
    let cx: Cx = world.cx();
    let import = async || {
        let table = Table::upload(table.clone().into_bytes()).unwrap();
        let mapping = enterprises::import::Mapping::of(&table.header, &[]).unwrap();
        enterprises::import::import_register(&world.db, &cx, "test", table, &mapping, |_| {})
            .await
            .unwrap()
    };
    let first = import().await;
    assert_eq!((first.read, first.inserted, first.updated, first.unchanged), (5, 2, 0, 1));
    let lines: Vec<_> = first.refused.iter().map(|r| (r.line, r.column.as_str())).collect();
    assert_eq!(lines, [(5, "tax_code"), (6, "name")]);
    let again = import().await;
    assert_eq!((again.inserted, again.updated, again.unchanged), (0, 0, 3));

    let lan = world.person("Lan", "lan@a.vn").await;
    let found = lan.browser.get(&format!("/mo-gian-hang/thong-tin?mst={ROASTER}")).await.ok();
    let form = found.shows("Đã tìm thấy").form(r#"form[action="/mo-gian-hang"]"#);
    assert_eq!(
        (form.value("legal_name"), form.value("vsic")),
        (Some("CÔNG TY TNHH SƯƠNG"), Some("10"))
    );
    // Told otherwise, the officer sees the difference.
    let officer = world.officer("Minh", "minh@sct.example").await;
    lan.browser.send(&filled(form).with("act", "open")).await.ok();
    let seller = the_only_seller(&world).await;
    officer
        .browser
        .get(&format!("/so-cong-thuong/gian-hang/{seller}"))
        .await
        .ok()
        .shows("Khác")
        .shows("CÔNG TY TNHH SƯƠNG");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_household_without_a_code_opens_and_bad_input_is_answered() {
    let world = World::new().await;
    let ba = world.person("Ba", "ba@a.vn").await;
    let page = ba.browser.get("/mo-gian-hang/thong-tin?loai=household").await.ok();
    let form = page.form(r#"form[action="/mo-gian-hang"]"#);
    let long = "ă".repeat(10_000);
    for (field, value) in [
        ("employees", "-1"),
        ("revenue", "99999999999999999999999"),
        ("legal_name", long.as_str()),
        ("intro", long.as_str()),
        ("commune", "00000"),
        ("vsic", "ZZ"),
        ("kind", "person"),
        ("registered_on", "31/02/2020"),
        ("registered_on", "2100-01-01"),
        ("email", "x"),
        ("key", ""),
    ] {
        let sent = filled(form.clone()).with("act", "open").with(field, value);
        let answer = ba.browser.send(&sent).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(
            answer.text.contains(r#"id="errors""#) && answer.text.contains("Sương Sớm"),
            "{field}"
        );
    }
    // The commune by typing, without a script.
    let asked = filled(form.clone())
        .with("commune", "")
        .with("commune_q", "khe sanh")
        .with("act", "commune");
    let offered = ba.browser.send(&asked).await.ok();
    assert!(offered.attributes(r#"input[name="commune"]"#, "value").contains(&"19429".to_owned()));
    ba.browser.send(&filled(form).with("act", "open")).await.ok().shows("Hộ kinh doanh");
    for path in ["/giay-to/x", "/so-cong-thuong/gian-hang/x", "/loi-moi/x"] {
        assert_eq!(ba.browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let day = parse_day("12/04/2019").unwrap();
    let registered: Option<chrono::NaiveDate> =
        sqlx::query_scalar("select registered_on from enterprises.sellers")
            .fetch_one(&world.db)
            .await
            .unwrap();
    assert_eq!(registered, Some(day));
}
