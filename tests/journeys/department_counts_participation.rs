//! The Department counts who really trades, and finds the firms behind each number.

use crate::support::{World, people::Somebody};
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::StatusCode;
use uuid::Uuid;

/// Of Quảng Trị.
pub(super) const HOME: &str = "19429";

/// Valid tax codes.
pub(super) const FIRMS: [&str; 6] =
    ["3299491692", "3299401314", "3299184638", "3299778222", "3299689508", "3299700825"];

impl World {
    pub(super) async fn registers(&self, tax_code: &str, kind: &str, commune: Option<&str>) {
        sqlx::query(
            "insert into enterprises.register (tax_code, name, kind, commune_code, size_class, source, as_of, updated_at)
             values ($1, 'Đơn vị ' || $1, $2, $3, 'small', 'test', '2026-01-01', now())",
        )
        .bind(tax_code).bind(kind).bind(commune).execute(&self.db).await.unwrap();
    }

    /// A shop that was admitted; `tax_code` may be a branch's.
    pub(super) async fn shop(&self, tax_code: &str) -> Uuid {
        let id = Uuid::new_v4();
        sqlx::query(
            "insert into enterprises.sellers (id, tax_code, kind, legal_name, shop_name, slug, commune_code, address,
                 size_class, state, approved_at, created_at, updated_at)
             values ($1, $2, 'enterprise', 'A', 'A', $1::text, $3, '', 'small', 'approved', $4, $4, $4)",
        )
        .bind(id).bind(tax_code).bind(HOME).bind(self.clock.now() - TimeDelta::days(40))
        .execute(&self.db).await.unwrap();
        self.admitted(id, self.clock.now() - TimeDelta::days(40)).await;
        id
    }

    /// The record of a shop that was opened and admitted at once.
    pub(super) async fn admitted(&self, shop: Uuid, at: DateTime<Utc>) {
        sqlx::query("delete from enterprises.seller_events where seller_id = $1")
            .bind(shop)
            .execute(&self.db)
            .await
            .unwrap();
        sqlx::query(
            "insert into enterprises.seller_events (id, seller_id, at, event, from_state, to_state)
             values ($2, $1, $4, 'open', 'draft', 'draft'), ($3, $1, $4 + interval '1 hour', 'approve', 'submitted', 'approved')",
        )
        .bind(shop).bind(Uuid::new_v4()).bind(Uuid::new_v4()).bind(at).execute(&self.db).await.unwrap();
    }

    /// An order on its way; nothing is completed yet.
    pub(super) async fn order(
        &self,
        shop: Uuid,
        seller: &str,
        buyer_org: Option<&str>,
        buyer: Option<Uuid>,
    ) -> Uuid {
        let (id, group) = (Uuid::new_v4(), Uuid::new_v4());
        let now = self.clock.now();
        sqlx::query("insert into orders.groups (id, code, checkout_id, placed_at) values ($1, $1::text, $1, $2)")
            .bind(group).bind(now).execute(&self.db).await.unwrap();
        sqlx::query(
            "insert into orders.orders (id, group_id, code, secret, seller_id, seller_name, seller_tax_code,
                 seller_address, seller_phone, buyer_id, buyer_kind, buyer_tax_code, buyer_name, buyer_phone,
                 delivery_method, delivery_text, goods_total, delivery_fee, tax_total, total, payment_method,
                 state, state_since, placed_at, updated_at)
             values ($1, $2, $1::text, '', $3, 'A', $4, '', '', $5, $6, $7, 'B', '', 'own', '', 10, 0, 0, 10, 'cod',
                 'delivered', $8, $8, $8)",
        )
        .bind(id).bind(group).bind(shop).bind(seller).bind(buyer)
        .bind(if buyer_org.is_some() { "organisation" } else { "person" })
        .bind(buyer_org).bind(now).execute(&self.db).await.unwrap();
        id
    }

    pub(super) async fn completes(&self, order: Uuid, at: DateTime<Utc>) {
        sqlx::query(
            "update orders.orders set state = 'completed', completed_at = $2 where id = $1",
        )
        .bind(order)
        .bind(at)
        .execute(&self.db)
        .await
        .unwrap();
    }

    /// The number of an indicator on the page, and the list's own count behind it.
    async fn number(&self, officer: &Somebody, code: &str) -> (String, String) {
        let page = officer.browser.get("/so-cong-thuong/chi-tieu").await.ok();
        let number = page.texts(&format!("#{code} td a")).concat();
        let href = page.attributes(&format!("#{code} td a"), "href").concat();
        let list = officer.browser.get(&href).await.ok();
        (number, list.texts("#total").concat())
    }
}

#[tokio::test]
async fn the_figure_moves_by_one_when_an_order_completes() {
    let world = World::new().await;
    let hoa = world.officer("Hoa", "hoa@soct.vn").await;
    for firm in &FIRMS[..3] {
        world.registers(firm, "enterprise", Some(HOME)).await;
    }
    let shop = world.shop(FIRMS[0]).await;
    let order = world.order(shop, FIRMS[0], None, None).await;
    assert_eq!(
        world.number(&hoa, "TG3").await,
        ("0".into(), "0".into()),
        "on its way is not completed"
    );
    assert_eq!(world.number(&hoa, "TG1a").await, ("1".into(), "1".into()));
    world.completes(order, world.clock.now()).await;
    assert_eq!(world.number(&hoa, "TG3").await, ("1".into(), "1".into()));
    assert_eq!(world.number(&hoa, "TG3a").await, ("1".into(), "1".into()), "B2C");
    assert_eq!(world.number(&hoa, "TG3b").await, ("0".into(), "0".into()), "not B2B");
    // A second sale of the same firm does not count twice; a firm's purchase counts the buyer, as B2B.
    let second = world.order(shop, FIRMS[0], Some(FIRMS[1]), None).await;
    world.completes(second, world.clock.now()).await;
    assert_eq!(world.number(&hoa, "TG3").await.0, "2");
    assert_eq!(world.number(&hoa, "TG3ab").await.0, "1");
    assert_eq!(world.number(&hoa, "TG3d").await.0, "1");
    let page = hoa.browser.get("/so-cong-thuong/chi-tieu").await.ok();
    let page = page.shows("66,67").shows("giới hạn dưới").shows("Chưa đo trên sàn");
    for code in ["TG3e", "TG4", "GT1–GT4", "TM1", "KN1–KN2", "DV1"] {
        assert!(page.texts("#chua-do dt").concat().contains(code), "{code}");
    }
    // Every number of the page leads to just as many firms, and to their CSV.
    let numbers: Vec<(String, String)> = page
        .texts("main td a, main .stat a")
        .into_iter()
        .zip(page.attributes("main td a, main .stat a", "href"))
        .collect();
    assert!(numbers.len() > 30 && page.text.contains("chi-so=DN"), "{numbers:?}");
    for (number, href) in numbers {
        let list = hoa.browser.get(&href).await.ok();
        let total = list.texts("#total").concat();
        assert!(number == total || number.parse::<i64>().is_err(), "{href}: {number} {total}");
        let csv = href.replace("danh-sach?", "danh-sach.csv?");
        let csv = hoa.browser.get(&csv).await.ok();
        assert_eq!(csv.text.lines().count() - 1, total.parse::<usize>().unwrap(), "{href}");
    }
    hoa.browser
        .get("/so-cong-thuong/chi-tieu?lang=en")
        .await
        .ok()
        .shows("66.67%")
        .shows("lower bound");
}

#[tokio::test]
async fn own_orders_branches_and_households_are_told_apart() {
    let world = World::new().await;
    let hoa = world.officer("Hoa", "hoa@soct.vn").await;
    world.registers(FIRMS[0], "enterprise", Some(HOME)).await;
    world.registers(FIRMS[1], "enterprise", None).await;
    world.registers(FIRMS[2], "household", Some(HOME)).await;
    let own = world.shop(FIRMS[0]).await;
    let order = world.order(own, FIRMS[0], Some(FIRMS[0]), None).await;
    world.completes(order, world.clock.now()).await;
    assert_eq!(world.number(&hoa, "TG3").await.0, "0", "it bought from itself");
    let member = world.person("Bình", "binh@firm.vn").await;
    sqlx::query("insert into enterprises.members (seller_id, person_id, role, added_at) values ($1, $2, 'staff', '2026-01-01')")
        .bind(own).bind(member.id.0).execute(&world.db).await.unwrap();
    let order = world.order(own, FIRMS[0], None, Some(member.id.0)).await;
    world.completes(order, world.clock.now()).await;
    assert_eq!(world.number(&hoa, "TG3").await.0, "0", "its own member bought");
    let branch = format!("{}-001", FIRMS[1]);
    let shop = world.shop(&branch).await;
    let order = world.order(shop, &branch, None, None).await;
    world.completes(order, world.clock.now()).await;
    assert_eq!(
        world.number(&hoa, "TG3").await,
        ("1".into(), "1".into()),
        "the branch's sale is its parent's"
    );
    let home = world.shop(FIRMS[2]).await;
    let order = world.order(home, FIRMS[2], None, None).await;
    world.completes(order, world.clock.now()).await;
    assert_eq!(world.number(&hoa, "TG3").await.0, "1", "a household is not an enterprise");
    let list = "/so-cong-thuong/chi-tieu/danh-sach?chi-so=HO1&ky=2026-S2";
    assert_eq!(hoa.browser.get(list).await.ok().texts("#total").concat(), "1");
    let unknown = "/so-cong-thuong/chi-tieu/danh-sach?chi-so=TG3&ky=2026-S2&xa=chua-ro";
    hoa.browser.get(unknown).await.ok().shows(FIRMS[1]).lacks(FIRMS[0]);
}

#[tokio::test]
async fn the_csv_says_what_the_page_says() {
    let world = World::new().await;
    let hoa = world.officer("Hoa", "hoa@soct.vn").await;
    world.registers(FIRMS[0], "enterprise", Some(HOME)).await;
    world.registers(FIRMS[1], "enterprise", Some(HOME)).await;
    let shop = world.shop(FIRMS[0]).await;
    let order = world.order(shop, FIRMS[0], None, None).await;
    world.completes(order, world.clock.now()).await;
    let csv = hoa.browser.get("/so-cong-thuong/chi-tieu.csv?ky=2026-S2").await.ok();
    for code in ["TG1", "TG1a", "TG2", "TG3", "TG3a", "TG3b", "TG3ab", "TG3c", "TG3d", "TG5"] {
        let page = world.number(&hoa, code).await.0;
        let line = csv.text.lines().find(|l| l.starts_with(&format!("2026-S2,{code},"))).unwrap();
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!((cells[6], cells[7]), (page.as_str(), "2"), "{line}");
    }
    let href = "/so-cong-thuong/chi-tieu/danh-sach.csv?chi-so=TG3&ky=2026-S2";
    let list = hoa.browser.get(href).await.ok();
    assert_eq!(list.text.lines().count(), 2, "{}", list.text);
    assert!(list.text.contains(FIRMS[0]) && list.text.contains("2026-11-22"), "{}", list.text);
}

#[tokio::test]
async fn a_firm_is_looked_at_with_a_reason() {
    let world = World::new().await;
    let hoa = world.officer("Hoa", "hoa@soct.vn").await;
    world.registers(FIRMS[0], "enterprise", Some(HOME)).await;
    let path = format!("/so-cong-thuong/doanh-nghiep/{}", FIRMS[0]);
    let asked = hoa.browser.get(&path).await.ok().lacks("Tham gia theo kỳ");
    let form = asked.form("form[action$='/xem']");
    let refused = hoa.browser.send(&form.clone().with("ly_do", "khac").with("ghi_ro", "x")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    hoa.browser
        .send(&form.with("ly_do", "khac").with("ghi_ro", "đoàn kiểm tra số 5"))
        .await
        .ok()
        .shows("Tham gia theo kỳ")
        .shows("đoàn kiểm tra số 5")
        .shows("Chưa mở gian hàng");
    let acts: Vec<String> =
        sqlx::query_scalar("select action from platform.audit where subject = $1")
            .bind(format!("enterprise:{}", FIRMS[0]))
            .fetch_all(&world.db)
            .await
            .unwrap();
    assert_eq!(acts, ["participation.look"]);
    world.clock.advance(TimeDelta::minutes(61));
    hoa.browser.get(&path).await.ok().lacks("Tham gia theo kỳ");
    hoa.browser.get("/so-cong-thuong/doanh-nghiep?tim=don+vi+3299").await.ok().shows(FIRMS[0]);
    hoa.browser.get("/so-cong-thuong/doanh-nghiep?tim=khong+co").await.ok().shows("Không tìm thấy");
}

#[tokio::test]
async fn a_target_is_set_and_judged() {
    let world = World::new().await;
    let hoa = world.officer("Hoa", "hoa@soct.vn").await;
    world.registers(FIRMS[0], "enterprise", Some(HOME)).await;
    let form = hoa
        .browser
        .get("/so-cong-thuong/chi-tieu/muc-tieu")
        .await
        .ok()
        .form("main form[method=post]");
    let form = form.with("ke_hoach", "MAU-44").with("chi_so", "TG3").with("nam", "2026");
    let wrong = hoa.browser.send(&form.clone().with("muc_duoi", "40").with("muc_tren", "30")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        wrong.form("main form[method=post]").value("muc_duoi"),
        Some("40"),
        "the form stays filled in"
    );
    let form = form.with("muc_duoi", "25").with("muc_tren", "30");
    hoa.browser.send(&form).await.ok().shows("25–30");
    hoa.browser.send(&form).await.ok();
    let page = hoa.browser.get("/so-cong-thuong/chi-tieu").await.ok().shows("chưa đạt");
    assert!(
        page.contains("còn thiếu 25 điểm") && page.contains("còn thiếu 30 điểm"),
        "{}",
        page.main_text()
    );
    let acts: i64 = sqlx::query_scalar(
        "select count(*) from platform.audit where action = 'participation.set_target'",
    )
    .fetch_one(&world.db)
    .await
    .unwrap();
    assert_eq!(acts, 1, "sent twice, set once");
    page.shows("lịch sử").shows("Bình Thuận");
}

#[tokio::test]
async fn to_others_these_pages_do_not_exist_and_nonsense_is_answered() {
    let world = World::new().await;
    let lan = world.person("Lan", "lan@vidu.vn").await;
    let hoa = world.officer("Hoa", "hoa@soct.vn").await;
    for path in [
        "/so-cong-thuong/chi-tieu",
        "/so-cong-thuong/chi-tieu.csv",
        "/so-cong-thuong/chi-tieu/muc-tieu",
        "/so-cong-thuong/chi-tieu/danh-sach?chi-so=TG3&ky=2026",
        "/so-cong-thuong/doanh-nghiep",
        "/so-cong-thuong/doanh-nghiep/3299491692",
    ] {
        assert_eq!(lan.browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert!(world.browser().get(path).await.path.starts_with("/dang-nhap"), "{path}");
    }
    for query in [
        "ky=99999",
        "ky=tu-chon&tu=x&den=",
        "ky=tu-chon&tu=2026-05-02&den=2026-05-01",
        "ky=%00&tu=%ff",
    ] {
        hoa.browser.get(&format!("/so-cong-thuong/chi-tieu?{query}")).await.ok();
    }
    for query in
        ["chi-so=TG3&ky=2026&trang=-5&xa=zzz", "chi-so=DN&ky=2026&trang=99999999999999999999"]
    {
        hoa.browser.get(&format!("/so-cong-thuong/chi-tieu/danh-sach?{query}")).await.ok();
    }
    for path in [
        "/so-cong-thuong/chi-tieu/danh-sach",
        "/so-cong-thuong/chi-tieu/danh-sach?chi-so=X&ky=2026",
        "/so-cong-thuong/doanh-nghiep/abc",
        "/so-cong-thuong/doanh-nghiep/3299491692",
    ] {
        assert_eq!(hoa.browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let long = "a%20%25_".repeat(900);
    hoa.browser.get(&format!("/so-cong-thuong/doanh-nghiep?tim={long}&xa=%27&sau=zzzz")).await.ok();
}
