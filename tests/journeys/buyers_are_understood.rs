//! Buyers type as they speak, are told how they were read, narrow what they find, and are helped while they type.

use crate::{
    market::{KHE_SANH, goods, stall},
    support::{World, browser::Answer},
};
use reqwest::StatusCode;
use std::time::Instant;

async fn indexed(world: &World) {
    santinh::search::scan(&world.db, &world.cx(), false, |_, _| {}).await.unwrap();
    world.app.search.catch_up().await.unwrap();
}

fn names(answer: &Answer) -> Vec<String> {
    answer.texts(".card__name")
}

/// The number beside a choice of the filters.
#[track_caller]
fn count(answer: &Answer, label: &str) -> u32 {
    let choices = answer.texts(".facet .check");
    let choice = choices.iter().find(|choice| choice.starts_with(label));
    let choice = choice.unwrap_or_else(|| panic!("{label:?} is not among {choices:?}"));
    choice[label.len()..].trim().parse().unwrap()
}

#[tokio::test]
async fn a_slip_is_put_right_told_and_undone() {
    let world = World::new().await;
    let shop = stall(&world, "Nón Bến Hải", "3299491692", None).await;
    for name in ["Máy giặt lồng ngang", "Máy giặt cửa trên", "Máy xay cà phê"] {
        goods(&world, &shop, name, 900_000, 5).await;
    }
    indexed(&world).await;
    let buyer = world.browser();
    for _ in 0..2 {
        let put_right = buyer.get("/tim?q=m%C3%A1y+giwt").await.ok();
        let told = put_right.texts(".note[role=status]").concat();
        assert!(told.contains("Không có kết quả cho “máy giwt”"), "{told}");
        assert_eq!(names(&put_right).len(), 2, "{}", put_right.main_text());
        let exactly = buyer.get(&put_right.link("Tìm đúng “máy giwt”")).await.ok();
        assert!(names(&exactly).is_empty() && exactly.contains("Chưa tìm thấy"));
        let back = buyer.get(&exactly.link("Tìm cả cách viết gần giống")).await.ok();
        assert_eq!(names(&back), names(&put_right));
    }
    let english = buyer.get("/tim?q=m%C3%A1y+giwt&lang=en").await.ok();
    assert!(english.contains("No results for “máy giwt”. These are results for"));
    buyer.get("/?lang=vi").await.ok();

    let most = buyer.get("/tim?q=may+giat+long+ngang+vuong").await.ok();
    assert_eq!(names(&most)[0], "Máy giặt lồng ngang");
    most.shows("Không có kết quả có đủ các từ “may giat long ngang vuong”. Đây là hàng có gần đủ.");
    let some = buyer.get("/tim?q=may+bay+phan+luc").await.ok();
    some.shows("Đây là hàng có một vài từ trong số đó.");
    let typed = buyer.get("/tim?q=may+giat").await.ok().lacks("Không có kết quả");
    assert_eq!(names(&typed).len(), 2);
}

#[tokio::test]
async fn what_few_things_are_called_is_not_denied() {
    let world = World::new().await;
    let shop = stall(&world, "Xe Bến Hải", "3299491692", None).await;
    for tons in 1..=8 {
        goods(&world, &shop, &format!("Thuê xe tải {tons} tấn"), 900_000, 5).await;
    }
    goods(&world, &shop, "Xe đạp hiệu Thuw", 900_000, 5).await;
    indexed(&world).await;
    let buyer = world.browser();
    let put_right = buyer.get("/tim?q=thuw+xe").await.ok();
    let told = put_right.texts(".note[role=status]").concat();
    assert!(
        told.contains("Chỉ có 1 kết quả cho “thuw xe”. Đây là kết quả cho “thue xe”."),
        "{told}"
    );
    let exactly = buyer.get(&put_right.link("Tìm đúng “thuw xe”")).await.ok();
    assert_eq!(names(&exactly), ["Xe đạp hiệu Thuw"]);
}

#[tokio::test]
async fn words_that_were_found_are_marked() {
    let world = World::new().await;
    let shop = stall(&world, "Nón Bến Hải", "3299491692", None).await;
    goods(&world, &shop, "Cà phê <i>Khe Sanh</i>", 90_000, 5).await;
    indexed(&world).await;
    let buyer = world.browser();
    let found = buyer.get("/tim?q=ca+phe").await.ok();
    assert_eq!(found.texts(".card__name mark"), ["Cà", "phê"]);
    assert_eq!(found.texts(".card__name a i").len(), 0, "a name is no HTML");
    assert!(buyer.get("/tim").await.ok().texts("mark").is_empty());
    let shop = buyer.get("/gian-hang").await.ok().link("Nón Bến Hải");
    assert_eq!(buyer.get(&format!("{shop}?q=phe")).await.ok().texts("mark"), ["phê"]);
}

#[tokio::test]
async fn shops_and_quantities_narrow_with_counts_that_stay_right() {
    let world = World::new().await;
    let hats = stall(&world, "Nón Bến Hải", "3299491692", None).await;
    let fish = stall(&world, "Cá Cửa Việt", "3200000034", None).await;
    for name in ["Nón lá một", "Nón lá hai"] {
        goods(&world, &hats, name, 40_000, 5).await;
    }
    goods(&world, &fish, "Nón lá ba", 120_000, 5).await;
    sqlx::query("update catalogue.price_tiers set min_quantity = 60 where variant_id in (select id from catalogue.variants where price = 120000)")
        .execute(&world.db).await.unwrap();
    indexed(&world).await;
    let buyer = world.browser();
    let all = buyer.get("/tim?q=non+la").await.ok();
    assert_eq!((count(&all, "Nón Bến Hải"), count(&all, "Cá Cửa Việt")), (2, 1));
    assert_eq!((count(&all, "10 – 49"), count(&all, "50 – 199")), (2, 1));

    let form = all.form("form.filters__body");
    let one = buyer.send(&form.clone().and("gh", &fish.seller.to_string())).await.ok();
    assert_eq!(names(&one), ["Nón lá ba"]);
    // Its own group counts as before, the others do not.
    assert_eq!((count(&one, "Nón Bến Hải"), count(&one, "Cá Cửa Việt")), (2, 1));
    assert_eq!(one.texts(".facet .check").iter().filter(|c| c.starts_with("10 – 49")).count(), 0);
    let both = one.form("form.filters__body").and("gh", &hats.seller.to_string());
    let both = buyer.send(&both.and("sl", "10-50")).await.ok();
    assert_eq!(names(&both).len(), 2);
    assert_eq!((count(&both, "Cá Cửa Việt"), count(&both, "50 – 199")), (0, 1));
    assert_eq!(both.form("form.filters__body").value("q"), Some("non la"));

    // Each that is set is taken off alone, or all at once.
    let chips = both.texts(".chips .chip");
    for words in ["Cá Cửa Việt", "Nón Bến Hải", "Mua sỉ tối thiểu: 10 – 49"] {
        assert!(chips.iter().any(|chip| chip.contains(words)), "{chips:?}");
    }
    let without = buyer.get(&both.link("Mua sỉ tối thiểu")).await.ok();
    assert_eq!(names(&without).len(), 3);
    assert_eq!(buyer.get(&both.link("Bỏ hết bộ lọc")).await.ok().path, "/tim?q=non+la");
    let odd = format!("/tim?gh={}&gh=x&sl=x&sl=50-200", uuid::Uuid::nil());
    buyer.get(&odd).await.ok().shows("Gian hàng không còn");
}

#[tokio::test]
async fn what_is_brought_to_the_reader() {
    let world = World::new().await;
    let near = stall(&world, "Nón Bến Hải", "3299491692", None).await;
    let far = stall(&world, "Cá Cửa Việt", "3200000034", None).await;
    goods(&world, &near, "Nón lá gần", 40_000, 5).await;
    goods(&world, &far, "Nón lá xa", 40_000, 5).await;
    world.run_jobs().await;
    sqlx::query(
        "insert into delivery.settings (seller_id, own_delivery, pickup, post_point, updated_at) values ($1, false, true, false, now())
         on conflict (seller_id) do update set own_delivery = false, post_point = false",
    )
    .bind(far.seller.0).execute(&world.db).await.unwrap();
    indexed(&world).await;
    let buyer = world.browser();
    // Nobody knows where he is: no box to tick, but a field; and the question alone changes nothing.
    let unknown = buyer.get("/tim?q=non+la&giao=1&tu=1").await.ok();
    assert_eq!(names(&unknown).len(), 2);
    assert!(unknown.attributes("input[name=giao]", "value").is_empty());
    let form = unknown.form("form.filters__body");
    assert_eq!(form.value("tu"), Some("1"));

    let several = buyer.send(&form.clone().with("gan_q", "dong")).await.ok();
    assert_eq!(names(&several).len(), 2);
    let chosen = buyer.get(&several.link("Đông Hà")).await.ok();
    assert!(chosen.path.contains("giao=1") && !chosen.path.contains("gan_q"), "{}", chosen.path);
    assert!(chosen.path.contains("q=non+la") && chosen.path.contains("tu=1"), "{}", chosen.path);

    let there = buyer.send(&form.clone().with("gan_q", "khe sanh")).await.ok();
    assert!(there.path.contains(&format!("giao=1&gan={KHE_SANH}")), "{}", there.path);
    assert_eq!(names(&there), ["Nón lá gần"]);
    assert_eq!(count(&there, "Giao được đến Xã Khe Sanh"), 1);
    // The browser remembers it; ticking another box keeps the place.
    let later = buyer.get("/tim?q=non+la").await.ok();
    assert_eq!((names(&later).len(), count(&later, "Giao được đến Xã Khe Sanh")), (2, 1));
    let ticked = later.form("form.filters__body").and("giao", "1").and("con", "1");
    let ticked = buyer.send(&ticked).await.ok();
    assert_eq!(names(&ticked), ["Nón lá gần"]);
    let off = buyer.get(&ticked.link("Giao được đến")).await.ok();
    assert_eq!(names(&off).len(), 2);
    // A link that somebody sent says for whom.
    let sent = format!("/danh-muc/non-la?giao=1&gan={KHE_SANH}");
    assert_eq!(names(&world.browser().get(&sent).await.ok()), ["Nón lá gần"]);
    assert_eq!(
        names(&world.browser().get("/danh-muc/non-la?giao=1&gan=00000").await.ok()).len(),
        2
    );
    let nowhere = buyer.send(&form.with("gan_q", "zzzz")).await.ok();
    nowhere.shows("Không tìm thấy xã, phường như vậy");
}

#[tokio::test]
async fn what_is_looked_for_is_counted_once_each_time() {
    let world = World::new().await;
    let shop = stall(&world, "Nón Bến Hải", "3299491692", None).await;
    goods(&world, &shop, "Nón lá", 40_000, 5).await;
    indexed(&world).await;
    let buyer = world.browser();
    for path in
        ["/tim?q=non", "/tim?q=non", "/tim?q=NON", "/tim?q=xyzzyqq", "/tim", "/tim/goi-y?q=la"]
    {
        buyer.get(path).await.ok();
    }
    buyer.get("/tim?q=non&con=1").await.ok();
    world.run_jobs().await;
    world.app.search.catch_up().await.unwrap();
    world.app.search.flush_asked().await.unwrap();
    let rows: Vec<(String, i64, i64, i64)> =
        sqlx::query_as("select words, times, empty, total from search.asked order by words")
            .fetch_all(&world.db)
            .await
            .unwrap();
    assert_eq!(rows, [("non".to_owned(), 3, 0, 1), ("xyzzyqq".to_owned(), 1, 1, 0)]);
}

#[tokio::test]
async fn suggestions_come_while_typing() {
    let world = World::new().await;
    let shop = stall(&world, "Nón Bến Hải", "3299491692", None).await;
    goods(&world, &shop, "Nón lá <b>Bến Hải</b>", 85_000, 10).await;
    for (words, times, empty) in
        [("nón lá trắng", 9, 0), ("nón lá của lan", 2, 0), ("nón lá bay", 30, 30)]
    {
        sqlx::query("insert into search.asked (day, words, times, empty, total) values ('2026-11-20', $1, $2, $3, 1)")
            .bind(words).bind(i64::from(times)).bind(i64::from(empty)).execute(&world.db).await.unwrap();
    }
    indexed(&world).await;
    let buyer = world.browser();
    let told = buyer.get("/tim/goi-y?q=non+l").await.ok();
    assert_eq!(told.headers["cache-control"], "private, max-age=60");
    let options = told.texts("[role=option]");
    let links = told.attributes("a[role=option]", "href");
    assert_eq!(options[0], "nón lá trắng");
    assert_eq!(links[0], "/tim?q=n%C3%B3n+l%C3%A1+tr%E1%BA%AFng");
    assert!(links.contains(&"/danh-muc/non-la".to_owned()), "{links:?}");
    let product = options.last().unwrap();
    assert!(product.contains("Nón lá <b>Bến Hải</b>") && product.contains("85.000"), "{product}");
    assert!(links.last().unwrap().starts_with("/san-pham/non-la"));
    assert!(!told.contains("của lan") && !told.contains("bay"), "{options:?}");
    assert!(!told.text.contains("<html"), "a fragment");

    let shops = buyer.get("/tim/goi-y?q=ben").await.ok();
    assert!(
        shops.attributes("a[role=option]", "href").iter().any(|l| l.starts_with("/gian-hang/"))
    );
    buyer.get("/tim/goi-y?q=non&lang=en").await.ok().shows("Products");
    buyer.get("/?lang=vi").await.ok();

    // What is no longer for sale, or no longer here, is not suggested, however late the index is.
    sqlx::query("update catalogue.products set state = 'blocked'")
        .execute(&world.db)
        .await
        .unwrap();
    buyer.get("/tim/goi-y?q=non+l").await.ok().lacks("85.000");
    sqlx::query("update enterprises.sellers set state = 'suspended'")
        .execute(&world.db)
        .await
        .unwrap();
    buyer.get("/tim/goi-y?q=ben").await.ok().lacks("/gian-hang/");
}

#[tokio::test]
async fn suggestions_answer_nonsense() {
    let world = World::new().await;
    let shop = stall(&world, "Nón Bến Hải", "3299491692", None).await;
    goods(&world, &shop, "Nón lá", 85_000, 10).await;
    let buyer = world.browser();
    let long = "non la ".repeat(1_500).replace(' ', "+");
    let paths = [
        "".to_owned(),
        "?q=".into(),
        "?q=++".into(),
        "?q=%FF%FE%00".into(),
        "?q=%01%02%03".into(),
        "?q=!!!%27%22%3C%3E".into(),
        "?q[]=1".into(),
        format!("?q={long}"),
        format!("?q={}", "x".repeat(10_000)),
        "?q=100%25+_".into(),
        "?q=q:*%20OR%20category:x".into(),
    ];
    for _ in 0..2 {
        for path in &paths {
            let began = Instant::now();
            let answer = buyer.get(&format!("/tim/goi-y{path}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            assert!(began.elapsed().as_secs() < 2, "{path} took {:?}", began.elapsed());
            assert!(!answer.text.contains("<html"));
        }
        for path in &paths[..3] {
            assert_eq!(buyer.get(&format!("/tim/goi-y{path}")).await.text, "");
        }
        indexed(&world).await;
    }
}

#[tokio::test]
async fn while_there_is_no_index_a_notice_says_so() {
    let world = World::new().await;
    let shop = stall(&world, "Nón Bến Hải", "3299491692", None).await;
    goods(&world, &shop, "Nón lá", 85_000, 10).await;
    santinh::search::scan(&world.db, &world.cx(), false, |_, _| {}).await.unwrap();
    let buyer = world.browser();
    let notice =
        |answer: &Answer| answer.texts("[role=status]").concat().contains("Đang dựng lại chỉ mục");
    let before = buyer.get("/tim?q=non").await.ok();
    assert!(notice(&before) && names(&before) == ["Nón lá"], "{}", before.main_text());
    let nothing = buyer.get("/tim?q=xyzzyqq").await.ok();
    assert!(notice(&nothing) && nothing.texts(".empty h2") == ["Chưa tìm thấy sản phẩm phù hợp"]);
    assert!(!nothing.attributes("main a[href^='/danh-muc/']", "href").is_empty());
    world.app.search.catch_up().await.unwrap();
    assert!(!notice(&buyer.get("/tim?q=non").await.ok()));
}
