//! A clerk at a post office orders for a villager who agreed.

use crate::{
    market::{KHE_SANH, count, goods, presses, puts_in, stall},
    support::{World, browser::Browser, people::Somebody},
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::kernel::PersonId;

async fn point(world: &World) -> String {
    sqlx::query_scalar("select id::text from places.points order by name limit 1")
        .fetch_one(&world.db)
        .await
        .unwrap()
}

/// Somebody whom the operator has made a clerk.
async fn clerk(world: &World, name: &str, email: &str) -> Somebody {
    let somebody = world.person(name, email).await;
    assert_eq!(somebody.browser.get("/diem-ho-tro").await.status, StatusCode::NOT_FOUND);
    let operator = world.operator("Vận hành", &format!("vh-{email}")).await;
    let form = operator.browser.get("/van-hanh/diem-ho-tro").await.ok().form("main form.form");
    let form = form.with("email", email).with("diem", &point(world).await);
    operator.browser.send(&form).await.ok().shows(name);
    somebody
}

async fn begins(clerk: &Browser, consent: bool) -> crate::support::browser::Answer {
    let form = clerk.get("/diem-ho-tro").await.ok().form("main form.form[action=\"/diem-ho-tro\"]");
    let form = form
        .with("ho_ten", "Hồ Thị Pả")
        .with("dien_thoai", "0987 111 222")
        .with("xa", KHE_SANH)
        .with("xa_q", "Khe Sanh")
        .with("dia_chi", "Bản Tà Cơn")
        .with("kenh", "spoken")
        .with("act", "begin");
    let form = if consent { form.with("dong_y", "1") } else { form };
    clerk.send(&form).await
}

/// From the basket to the review.
async fn up_to_review(clerk: &Browser) -> crate::support::browser::Answer {
    let page = clerk.get("/dat-hang").await.ok();
    let form = page.form("main form");
    assert_eq!(form.value("ho_ten"), Some("Hồ Thị Pả"));
    assert_eq!(form.value("dia_chi"), Some("Bản Tà Cơn"));
    // Whatever is typed over it, the order stays the villager's.
    let form =
        form.with("ho_ten", "Người khác").with("dien_thoai", "0912000999").with("act", "next");
    let page = clerk.send(&form).await.ok();
    clerk.send(&page.form("main form").with("act", "next")).await.ok()
}

#[tokio::test]
async fn with_consent_the_order_is_the_villagers_and_the_paper_his_key() {
    let world = World::new().await;
    let shop = stall(&world, "Cà phê Khe Sanh", "3200000027", None).await;
    let hat = goods(&world, &shop, "Nón", 108_000, 10).await;
    let mai = clerk(&world, "Mai", "mai@buudien.vn").await;
    let own = goods(&world, &shop, "Của Mai", 50_000, 10).await;
    puts_in(&mai.browser, &own, "1").await.ok();
    // No consent, no visit.
    let refused = begins(&mai.browser, false).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(count(&world, "select count(*) from assisted.visits").await, 0);
    begins(&mai.browser, true).await.ok();
    let kept: (String, String, String) =
        sqlx::query_as("select consent_text, consent_channel, phone from assisted.visits")
            .fetch_one(&world.db)
            .await
            .unwrap();
    assert!(kept.0.contains("Tôi nhờ nhân viên") && kept.1 == "spoken" && kept.2 == "+84987111222");
    mai.browser.get("/gio-hang").await.ok().lacks("Của Mai").shows("Đang đặt hàng hộ");
    puts_in(&mai.browser, &hat, "2").await.ok();
    let review = up_to_review(&mai.browser).await.shows("Hồ Thị Pả").lacks("Người khác");
    let done = presses(&mai.browser, &review).await.ok();
    assert!(done.path.starts_with("/diem-ho-tro/lan-dat/"), "{}", done.path);
    let row: (String, String, Option<uuid::Uuid>) =
        sqlx::query_as("select buyer_name, buyer_phone, buyer_id from orders.orders")
            .fetch_one(&world.db)
            .await
            .unwrap();
    assert_eq!(row, ("Hồ Thị Pả".into(), "+84987111222".into(), None), "not the clerk's");
    let marked = "select count(*) from assisted.orders_report r join assisted.clerks c on c.point_id = r.point_id";
    assert_eq!(count(&world, marked).await, 1);
    // The paper: big, with a picture of the link that is the villager's alone.
    let paper = mai.browser.get(&done.link("In giấy xác nhận")).await.ok();
    assert!(paper.text.contains("<svg") && paper.text.contains("GIẤY XÁC NHẬN"));
    paper.shows("Hồ Thị Pả").shows("0987 111 222").shows("216.000");
    // The clerk's own basket is back, and his own orders list does not hold it.
    mai.browser.get("/gio-hang").await.ok().shows("Của Mai").lacks("Đang đặt hàng hộ");
    mai.browser.get("/diem-ho-tro").await.ok().shows("Hồ Thị Pả");
    let acts: Vec<String> = sqlx::query_scalar(
        "select action from platform.audit where action like 'assisted.%' order by seq",
    )
    .fetch_all(&world.db)
    .await
    .unwrap();
    assert_eq!(acts, ["assisted.grant", "assisted.begin", "assisted.order"]);
    // Another clerk does not see it, and this one only for a time.
    let ba = clerk(&world, "Ba", "ba@buudien.vn").await;
    assert_eq!(ba.browser.get(&done.path).await.status, StatusCode::NOT_FOUND);
    ba.browser.get("/diem-ho-tro").await.ok().lacks("Hồ Thị Pả");
    world.clock.advance(TimeDelta::days(29));
    let mai = world.signed_in(mai.id, false).await;
    mai.get(&done.path).await.ok();
    world.clock.advance(TimeDelta::days(2));
    assert_eq!(mai.get(&done.path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_visit_that_is_over_orders_nothing() {
    let world = World::new().await;
    let shop = stall(&world, "Cà phê Khe Sanh", "3200000027", None).await;
    let hat = goods(&world, &shop, "Nón", 108_000, 10).await;
    let mai = clerk(&world, "Mai", "mai@buudien.vn").await;
    begins(&mai.browser, true).await.ok();
    puts_in(&mai.browser, &hat, "1").await.ok();
    let review = up_to_review(&mai.browser).await;
    world.clock.advance(TimeDelta::minutes(121));
    let late = presses(&mai.browser, &review).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.main_text());
    late.shows("kết thúc");
    assert_eq!(count(&world, "select count(*) from orders.orders").await, 0);
    // Nor does one whose clerk is no clerk any more.
    begins(&mai.browser, true).await.ok();
    puts_in(&mai.browser, &hat, "1").await.ok();
    let review = up_to_review(&mai.browser).await;
    let operator = world.operator("Vận hành", "vh2@example.vn").await;
    let page = operator.browser.get("/van-hanh/diem-ho-tro").await.ok();
    operator.browser.send(&page.form("form[action$=thu-hoi]")).await.ok();
    assert_eq!(presses(&mai.browser, &review).await.status, StatusCode::CONFLICT);
    assert_eq!(count(&world, "select count(*) from orders.orders").await, 0);
    assert_eq!(mai.browser.get("/diem-ho-tro").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_visit_opens_its_basket_to_its_own_clerk_alone() {
    let world = World::new().await;
    let shop = stall(&world, "Cà phê Khe Sanh", "3200000027", None).await;
    let hat = goods(&world, &shop, "Nón lá Quảng Trị", 108_000, 10).await;
    let mai = clerk(&world, "Mai", "mai@buudien.vn").await;
    begins(&mai.browser, true).await.ok();
    puts_in(&mai.browser, &hat, "2").await.ok();
    mai.browser.get("/gio-hang").await.ok().shows("Nón lá Quảng Trị");
    let token: uuid::Uuid =
        sqlx::query_scalar("select token from assisted.visits").fetch_one(&world.db).await.unwrap();
    let cookie = format!("{}={}", santinh::web::cookies::ASSISTED, token.simple());
    for stranger in [
        world.person("Người lạ", "la@example.vn").await,
        clerk(&world, "Ba", "ba@buudien.vn").await,
    ] {
        let browser = world.signed_in_with(stranger.id, &cookie).await;
        browser.get("/gio-hang").await.ok().lacks("Nón lá Quảng Trị");
    }
    mai.browser.get("/gio-hang").await.ok().shows("Nón lá Quảng Trị");
}

/// A household that sells, and its owner.
async fn household(world: &World) -> (Somebody, String) {
    let owner = world.person("Hồ Văn Pợc", "poc@example.vn").await;
    let stall = stall(world, "Hộ Pợc", "3200000034", Some(owner.id)).await;
    sqlx::query("update enterprises.sellers set kind = 'household' where id = $1")
        .bind(stall.seller.0)
        .execute(&world.db)
        .await
        .unwrap();
    (owner, "3200000034".to_owned())
}

#[tokio::test]
async fn with_consent_a_clerk_lists_for_a_household_until_it_says_no() {
    let world = World::new().await;
    let (owner, tax_code) = household(&world).await;
    let mai = clerk(&world, "Mai", "mai@buudien.vn").await;
    let desk = "/diem-ho-tro/dang-ho";
    assert_eq!(owner.browser.get(desk).await.status, StatusCode::NOT_FOUND);
    let agree = async |consent: bool, code: &str| {
        let form = mai.browser.get(desk).await.ok().form("main form.form");
        let form = form.with("ma_so_thue", code).with("nguoi", "Hồ Văn Pợc").with("kenh", "signed");
        let form = if consent { form.with("dong_y", "1") } else { form };
        mai.browser.send(&form).await
    };
    // No consent, or no household: nothing.
    for (consent, code) in [(false, tax_code.as_str()), (true, "3200000027"), (true, "' or 1=1")] {
        let refused = agree(consent, code).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{code}");
    }
    assert_eq!(count(&world, "select count(*) from assisted.mandates").await, 0);
    agree(true, &tax_code).await.ok().shows("Hộ Pợc");
    world.run_jobs().await;
    owner.browser.get("/thong-bao").await.ok().shows("đăng hàng hộ");
    let texts = "select count(*) from notices.texts where body like '%dang-ho%'";
    assert_eq!(count(&world, texts).await, 1, "also by short message");
    // The listing goes the usual way.
    let page = mai.browser.get(desk).await.ok();
    let path = page.link("Đăng hàng");
    let category: String = sqlx::query_scalar(
        "select slug from catalogue.categories where is_leaf and kind = 'goods'
         order by cardinality(required_papers), cardinality(required_facts), slug limit 1",
    )
    .fetch_one(&world.db)
    .await
    .unwrap();
    let page = mai.browser.get(&format!("{path}?nganh={category}")).await.ok();
    let form = page.form("main form.form[method=post]").with("ten", "Chuối sấy Hướng Hóa");
    let short = mai.browser.send(&form.clone().with("gia", "rẻ")).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = form.with("gia", "85.000").with("don_vi", "gói").with("so_luong", "12");
    let paper = mai.browser.send(&form).await.ok();
    let paper = paper.shows("GIẤY XÁC NHẬN ĐĂNG HÀNG HỘ").shows("Chuối sấy Hướng Hóa");
    let paper = paper.shows("Hồ Văn Pợc").shows("Tôi là chủ hộ kinh doanh");
    // The same form again makes nothing more.
    mai.browser.send(&form).await.ok();
    let made: (String, i64, Option<PersonId>) = sqlx::query_as(
        "select p.state, (select count(*) from catalogue.products where name = p.name),
                (select actor from catalogue.product_events e where e.product_id = p.id order by at limit 1)
         from catalogue.products p where name = 'Chuối sấy Hướng Hóa'",
    )
    .fetch_one(&world.db)
    .await
    .unwrap();
    assert!(["in_review", "draft"].contains(&made.0.as_str()) && made.1 == 1, "{made:?}");
    assert_eq!(made.2, Some(mai.id), "the clerk is named");
    let acts: Vec<(String, Option<uuid::Uuid>)> = sqlx::query_as(
        "select action, actor from platform.audit where action in ('assisted.agree', 'assisted.list') order by seq",
    )
    .fetch_all(&world.db)
    .await
    .unwrap();
    assert_eq!(
        acts,
        [("assisted.agree".into(), Some(mai.id.0)), ("assisted.list".into(), Some(mai.id.0))]
    );
    world.run_jobs().await;
    owner.browser.get("/thong-bao").await.ok().shows("Chuối sấy Hướng Hóa");
    // Another clerk has no part in it.
    let ba = clerk(&world, "Ba", "ba@buudien.vn").await;
    assert_eq!(ba.browser.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ba.browser.get(&paper.path).await.status, StatusCode::NOT_FOUND);
    // The household takes it back: a form that is open already comes too late.
    let open = mai.browser.get(&format!("{path}?nganh={category}")).await.ok();
    let form = open.form("main form.form[method=post]").with("ten", "Măng khô");
    let form = form.with("gia", "1000").with("don_vi", "kg");
    // For a shop that the Department has stopped nothing is listed either.
    let stand = async |state: &str| {
        sqlx::query("update enterprises.sellers set state = $1 where tax_code = $2")
            .bind(state)
            .bind(&tax_code)
            .execute(&world.db)
            .await
            .unwrap();
    };
    stand("suspended").await;
    assert_eq!(mai.browser.send(&form).await.status, StatusCode::CONFLICT);
    stand("approved").await;
    let own =
        owner.browser.get("/ban-hang/dang-ho").await.ok().shows("Mai").shows("Đang có hiệu lực");
    owner.browser.send(&own.form("form[action$=thu-hoi]")).await.ok().shows("Đã kết thúc");
    let late = mai.browser.send(&form).await;
    assert_eq!(late.status, StatusCode::NOT_FOUND);
    assert_eq!(
        count(&world, "select count(*) from catalogue.products where name = 'Măng khô'").await,
        0
    );
}
