//! A buyer and a seller write to each other; nobody else reads it.

use crate::{
    buyers_judge_goods::orders_one,
    market::{count, goods, stall},
    support::World,
};
use chrono::TimeDelta;
use reqwest::StatusCode;

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF";

#[tokio::test(flavor = "multi_thread")]
async fn a_question_about_a_product_gives_no_numbers_away() {
    let world = World::new().await;
    let seller = world.person("Lê Thị Cúc", "cuc@example.vn").await;
    let other = world.person("Bình", "binh@example.vn").await;
    let buyer = world.person("Trần Thị Hương", "huong@example.vn").await;
    let shop = stall(&world, "Nón Lệ Thủy", "3200000027", Some(seller.id)).await;
    stall(&world, "Gian Bình", "3200000034", Some(other.id)).await;
    let hat = goods(&world, &shop, "Nón", 108_000, 10).await;
    let slug: String = sqlx::query_scalar("select slug from catalogue.products")
        .fetch_one(&world.db)
        .await
        .unwrap();
    let product = buyer.browser.get(&format!("/san-pham/{slug}")).await.ok();
    let ask = product.link("Hỏi người bán");
    assert!(world.browser().get(&ask).await.path.starts_with("/dang-nhap"));
    let page = buyer.browser.get(&ask).await.ok().shows("được che");
    let form = page.form("#tra-loi");
    let empty = buyer.browser.send(&form).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let long = buyer.browser.send(&form.clone().with("body", &"a".repeat(2001))).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = form.with("body", "Nón còn không? Gọi 0987 654 321 hoặc huong@example.vn");
    let thread = buyer.browser.send(&form).await.ok().shows("•••••").lacks("0987 654 321");
    assert!(thread.path.starts_with("/tin-nhan/"), "{}", thread.path);
    buyer.browser.send(&form).await.ok();
    assert_eq!(count(&world, "select count(*) from messages.messages").await, 1, "sent once");
    let path = thread.path.clone();
    // A second question leads into the same thread.
    assert_eq!(buyer.browser.get(&ask).await.ok().path, path);

    for stranger in [&other.browser, &world.browser()] {
        assert_ne!(stranger.get(&path).await.status, StatusCode::OK);
        assert_eq!(stranger.get(&format!("{path}?k=x")).await.status, StatusCode::NOT_FOUND);
    }
    let inbox = seller.browser.get("/ban-hang/tin-nhan?loc=chua-doc").await.ok();
    let inbox = inbox.shows("Trần Thị Hương").lacks("0987");
    let desk = seller.browser.get(&inbox.link("Trần Thị Hương")).await.ok();
    let desk = desk.shows("Nón còn không?").lacks("0987 654 321").lacks("huong@example.vn");
    seller.browser.get("/ban-hang/tin-nhan?loc=chua-doc").await.ok().lacks("Trần Thị Hương");
    assert_eq!(other.browser.get(&desk.path).await.status, StatusCode::NOT_FOUND);

    // Quick answers fill the box in, without a script.
    let mine = seller.browser.get("/ban-hang/tin-nhan/mau").await.ok().form("#mau");
    let mine = mine.with("title", "Còn hàng").with("body", "Dạ còn hàng ạ.");
    seller.browser.send(&mine).await.ok();
    let desk = seller.browser.get(&desk.path).await.ok();
    let filled = seller.browser.get(&desk.link("Còn hàng")).await.ok().form("#tra-loi");
    assert_eq!(filled.value("body"), Some("Dạ còn hàng ạ."));
    seller.browser.send(&filled).await.ok();
    buyer.browser.get("/tin-nhan").await.ok().shows("Nón Lệ Thủy").shows("chưa đọc");
    buyer.browser.get(&path).await.ok().shows("Dạ còn hàng ạ.");
    buyer.browser.get("/tin-nhan").await.ok().lacks("chưa đọc");

    // Once there is an order between the two, nothing is masked.
    orders_one(&world, &buyer.browser, &hat).await;
    seller.browser.get(&desk.path).await.ok().shows("0987 654 321");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_has_a_thread_with_files_for_the_two_alone() {
    let world = World::new().await;
    let seller = world.person("Lê Thị Cúc", "cuc@example.vn").await;
    let other = world.person("Bình", "binh@example.vn").await;
    let operator = world.operator("Vận hành", "vh@example.vn").await;
    let shop = stall(&world, "Nón Lệ Thủy", "3200000027", Some(seller.id)).await;
    let hat = goods(&world, &shop, "Nón", 108_000, 10).await;
    let guest = world.browser();
    let (_, code, secret) = orders_one(&world, &guest, &hat).await;
    world.run_jobs().await;
    let to = format!("/don-hang/{code}/tin-nhan?k={secret}");
    assert_eq!(other.browser.get(&format!("/don-hang/{code}/tin-nhan")).await.status, 404);
    let form = guest.get(&to).await.ok().form("#tra-loi").with("body", "Giao giờ nào ạ?");
    let bad = guest.send(&form.clone().file("tep", "x.exe", b"MZ")).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    let thread = guest.send(&form.file("tep", "hoá đơn.pdf", PDF)).await.ok();
    assert!(thread.path.contains(&format!("k={secret}")), "{}", thread.path);
    let again = thread.form("#tra-loi").with("body", "Gọi tôi trước nhé");
    guest.send(&again).await.ok();
    let file = thread.link("hoá đơn.pdf");
    let got = guest.get(&file).await.ok();
    assert_eq!(got.headers["content-type"], "application/pdf");
    assert!(got.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let bare = file.split('?').next().unwrap();
    seller.browser.get(bare).await.ok();
    for stranger in [&other.browser, &operator.browser, &world.browser()] {
        assert_eq!(stranger.get(bare).await.status, StatusCode::NOT_FOUND);
    }

    // One letter for both, some minutes later, and no other until they are read.
    let letters = |world: &World| {
        let db = world.db.clone();
        async move {
            let n: i64 = sqlx::query_scalar(
                "select count(*) from platform.mails where recipient = 'cuc@example.vn' and subject like '%chưa đọc%'",
            )
            .fetch_one(&db)
            .await
            .unwrap();
            n
        }
    };
    world.wait(TimeDelta::minutes(5)).await;
    assert_eq!(letters(&world).await, 0);
    world.wait(TimeDelta::minutes(6)).await;
    assert_eq!(letters(&world).await, 1);
    let mails = world.mails_to("cuc@example.vn").await;
    let (subject, body) = mails.iter().find(|(s, _)| s.contains("chưa đọc")).unwrap();
    assert!(subject.contains("2 tin nhắn") && !body.contains("Giao giờ nào"), "{body}");
    world.wait(TimeDelta::minutes(30)).await;
    assert_eq!(letters(&world).await, 1);
    let inbox = seller.browser.get("/ban-hang/tin-nhan?loc=don-hang").await.ok();
    let desk = seller.browser.get(&inbox.link("Trần Thị Hương")).await.ok().shows("Gọi tôi trước");
    guest.send(&again.with("key", &uuid::Uuid::new_v4().to_string())).await.ok();
    world.wait(TimeDelta::minutes(11)).await;
    assert_eq!(letters(&world).await, 2, "what came after it was read is told anew");

    // The operator sees it only when one of the two reports it, with a reason, an excerpt, and leaves a trace.
    operator.browser.get("/van-hanh/tin-nhan").await.ok().shows("Không có báo cáo nào");
    let report = desk.form("form[action$=bao-cao]").with("reason", "insult");
    seller.browser.send(&report).await.ok().shows("Đã gửi báo cáo");
    let queue = operator.browser.get("/van-hanh/tin-nhan").await.ok();
    let path = queue.attributes("main tbody a", "href").remove(0);
    let look = operator.browser.get(&path).await.ok().lacks("Giao giờ nào");
    let form = look.form("#xem");
    assert_eq!(operator.browser.send(&form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let looked =
        count(&world, "select count(*) from platform.audit where action = 'messages.look'");
    assert_eq!(looked.await, 0);
    let form = form.with("ly_do", "Xử lý báo cáo xúc phạm");
    let seen = operator.browser.send(&form).await.ok().shows("Giao giờ nào");
    let looked =
        count(&world, "select count(*) from platform.audit where action = 'messages.look'");
    assert_eq!(looked.await, 1);
    operator.browser.send(&seen.form("#xu-ly").with("outcome", "closed")).await.ok();
    // Another report ends with a warning: whoever was reported reads it, whoever reported does not.
    sqlx::query(
        "insert into messages.reports (id, thread_id, side, reason, note, reported_at)
         select $1, id, 'buyer', 'insult', '', $2 from messages.threads",
    )
    .bind(uuid::Uuid::new_v4())
    .bind(world.clock.now())
    .execute(&world.db)
    .await
    .unwrap();
    let queue = operator.browser.get("/van-hanh/tin-nhan").await.ok();
    let path = queue.attributes("main tbody a", "href").remove(0);
    let look = operator.browser.get(&path).await.ok();
    let form = look.form("#xem").with("ly_do", "Xử lý báo cáo xúc phạm");
    let look = operator.browser.send(&form).await.ok();
    let settle = look.form("#xu-ly").with("outcome", "warned");
    operator.browser.send(&settle).await.ok();
    world.run_jobs().await;
    let warned = "select count(*) from notices.items where dedup_key like 'messages.warned:%'";
    assert_eq!(count(&world, warned).await, 1);
    seller.browser.get("/thong-bao").await.ok().shows("Nhắc nhở về cuộc trò chuyện");
    let closed = guest.get(&thread.path).await.ok().shows("đã bị đơn vị vận hành đóng");
    assert!(closed.find_form("#tra-loi").is_none());

    // After the time that the law asks for, words and files are gone.
    let files = || walk(&world.var().join("files/message-files"));
    assert_eq!(files(), 1);
    world.wait(TimeDelta::days(3 * 366)).await;
    assert_eq!(count(&world, "select count(*) from messages.messages").await, 0);
    assert_eq!(count(&world, "select count(*) from messages.threads").await, 0);
    assert_eq!(count(&world, "select count(*) from messages.leftovers").await, 0);
    assert_eq!(files(), 0);
}

fn walk(folder: &std::path::Path) -> usize {
    std::fs::read_dir(folder).map(|entries| entries.count()).unwrap_or(0)
}
