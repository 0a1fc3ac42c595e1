//! The operator sees what people look for and do not find, and teaches the search the words they use.

use crate::{
    market::{goods, stall},
    support::{World, browser::Answer, people::Somebody},
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::{kernel::day_of, search};
use std::time::Duration;

const HERE: &str = "/van-hanh/tim-kiem";
const SYNONYMS: &str = "/van-hanh/tim-kiem/tu-dong-nghia";
const STOP_WORDS: &str = "/van-hanh/tim-kiem/tu-dung";

async fn indexed(world: &World) {
    world.run_jobs().await;
    search::scan(&world.db, &world.cx(), false, |_, _| {}).await.unwrap();
    world.app.search.catch_up().await.unwrap();
}

/// A shop with these things on display.
async fn floor(world: &World, names: &[&str]) {
    let shop = stall(world, "Quán Mệ Gái", "3200000027", None).await;
    for name in names {
        goods(world, &shop, name, 30_000, 10).await;
    }
    indexed(world).await;
}

/// How many results have all these words.
async fn total(world: &World, words: &str) -> i64 {
    world.app.search.catch_up().await.unwrap();
    let path = format!("/api/v1/search?dung=1&q={}", words.replace(' ', "+"));
    let told: serde_json::Value =
        serde_json::from_str(&world.browser().get(&path).await.ok().text).unwrap();
    told["total"].as_i64().unwrap()
}

/// Somebody looked for this.
fn looked(world: &World, words: &str, total: usize, empty: bool, took: u64) {
    let query = search::Query { q: words.into(), ..search::Query::default() };
    let took = Duration::from_millis(took);
    world.app.search.note(&query, day_of(world.clock.now()), total, empty, took);
}

async fn new_group(an: &Somebody, terms: &str) -> crate::support::browser::FormOnPage {
    let page = an.browser.get(&format!("{SYNONYMS}/moi")).await.ok();
    page.form(&format!("form[action='{SYNONYMS}/moi']")).with("tu", terms)
}

async fn pressed(an: &Somebody, page: &Answer, form: &str, act: &str) -> Answer {
    an.browser.send(&page.form(form).with("act", act)).await
}

async fn acts(world: &World) -> Vec<String> {
    sqlx::query_scalar(
        "select action from platform.audit where action like 'search.%' order by seq",
    )
    .fetch_all(&world.db)
    .await
    .unwrap()
}

#[tokio::test]
async fn what_is_looked_for_is_counted_shown_and_forgotten() {
    let world = World::new().await;
    let an = world.operator("An", "an@san.vn").await;
    an.browser.get(HERE).await.ok().shows("Chưa có gì").shows("chưa đối soát");
    for _ in 0..3 {
        looked(&world, "Bún  Bì Bõm", 0, true, 3);
    }
    looked(&world, "nón lá", 12, false, 71);
    looked(&world, "lan@vidu.vn", 0, true, 3);
    looked(&world, "0912 345 678", 0, true, 3);
    world.app.search.flush_asked().await.unwrap();
    let empty = an.browser.get(HERE).await.ok().lacks("nón lá").lacks("lan@").lacks("0912");
    let row = empty.texts("tbody tr").concat();
    assert!(row.starts_with("bún bì bõm 3 0"), "{row}");
    let new = an.browser.get(&empty.link("Thêm từ đồng nghĩa")).await.ok();
    assert_eq!(new.form("form[action$='/moi']").value("tu"), Some("bún bì bõm\n"));
    an.browser.get(&empty.link("bún bì bõm")).await.ok();
    let popular = an.browser.get(&format!("{HERE}?xem=pho-bien&ngay=7")).await.ok();
    let row = popular.lacks("bún").texts("tbody tr").concat();
    assert!(row.starts_with("nón lá 1 12"), "{row}");
    let slow = an.browser.get(&format!("{HERE}?xem=cham&ngay=90&lang=en")).await.ok();
    let row = slow.lacks("bún").shows("50 ms").texts("tbody tr").concat();
    assert!(row.starts_with("nón lá 1 71 ms"), "{row}");
    let table = an.browser.get(&format!("{HERE}/csv?xem=khong-thay")).await.ok();
    assert!(table.text.contains("bún bì bõm,3,0"), "{}", table.text);
    for nonsense in ["?xem=x&ngay=-1&trang=99999999999999999999", "?trang=0", "?ngay[]=%00"] {
        an.browser.get(&format!("{HERE}{nonsense}")).await.ok();
    }
    // A week later it is not of this week; after ninety days it is forgotten.
    world.clock.advance(TimeDelta::days(7));
    an.browser.get(&format!("{HERE}?ngay=7")).await.ok().lacks("bún bì bõm");
    an.browser.get(&format!("{HERE}?ngay=30")).await.ok().shows("bún bì bõm");
    let count = "select count(*) from search.asked";
    world.wait(TimeDelta::days(82)).await;
    let an = world.signed_in(an.id, true).await;
    assert_eq!(crate::market::count(&world, count).await, 2);
    an.get(&format!("{HERE}?ngay=90")).await.ok().shows("bún bì bõm");
    world.wait(TimeDelta::days(2)).await;
    assert_eq!(crate::market::count(&world, count).await, 0);
}

#[tokio::test]
async fn the_index_is_seen_and_built_anew() {
    let world = World::new().await;
    let an = world.operator("An", "an@san.vn").await;
    an.browser.get(HERE).await.ok().shows("PostgreSQL trả lời thay");
    floor(&world, &["Bún ốc", "Mật dừa"]).await;
    let cx = world.cx();
    world.app.search.sweep(&cx).await.unwrap();
    // Somebody wrote past the index.
    sqlx::query("insert into search.sweeps (at, compared, drifted) values ($1, 9, 4), ($2, 9, 70)")
        .bind(cx.now - TimeDelta::days(1))
        .bind(cx.now - TimeDelta::days(91))
        .execute(&world.db)
        .await
        .unwrap();
    let page = an.browser.get(HERE).await.ok().lacks("PostgreSQL trả lời thay");
    let told = page.texts(".stat").join(" | ");
    assert!(told.contains("Sản phẩm tìm được 2"), "{told}");
    assert!(told.contains("lần đối soát cuối 0 trên 2"), "{told}");
    assert!(told.contains("90 ngày 4"), "{told}");
    let form = page.form("form[action$='/dung-lai']");
    an.browser.send(&form).await.ok().shows("Đang chờ dựng lại");
    an.browser.send(&form).await.ok();
    let again = an.browser.get(HERE).await.ok().form("form[action$='/dung-lai']");
    an.browser.send(&again).await.ok().shows("đang chờ");
    assert_eq!(acts(&world).await, ["search.ask_rebuild"]);
    assert!(world.app.search.rebuild_if_asked(&cx).await.unwrap());
    assert!(!world.app.search.rebuild_if_asked(&cx).await.unwrap(), "asked for once");
    an.browser.get(HERE).await.ok().shows("Lần dựng lại cuối đã xong");
    assert_eq!(total(&world, "bun oc").await, 1);
}

#[tokio::test]
async fn words_are_tried_out_added_and_taken_away() {
    let world = World::new().await;
    let an = world.operator("An", "an@san.vn").await;
    floor(&world, &["Bún ốc Mệ Gái", "Mật dừa"]).await;
    assert_eq!(total(&world, "lòng thòng").await, 0);
    let form = new_group(&an, "bún ốc;lòng thòng").await.with("ghi_chu", "Triệu Phong gọi");
    // Tried out, nothing is saved.
    let tried = an.browser.send(&form.clone().with("act", "xem")).await.ok();
    let told = tried.texts("#xem-truoc").concat();
    assert!(told.contains("“lòng thòng” thay đổi"), "{told}");
    assert!(told.contains("Bây giờ: 0 kết quả"), "{told}");
    assert!(told.contains("Sau khi lưu: 1 kết quả Bún ốc Mệ Gái mới ở đây"), "{told}");
    assert!(told.contains("“bún ốc” không đổi"), "{told}");
    assert_eq!(total(&world, "lòng thòng").await, 0, "only tried out");
    let sample = an.browser.send(&form.with("act", "xem").with("mau", "lòng thòng mệ gái")).await;
    let told = sample.texts("#xem-truoc h3");
    assert_eq!(told.len(), 1, "{told:?}");
    // The form keeps what was typed; pressed twice it is saved once.
    let kept = sample.form("main form.form").with("act", "luu");
    assert_eq!(kept.value("tu"), Some("bún ốc;lòng thòng"));
    let saved = an.browser.send(&kept).await.ok().shows("Đã lưu").shows("tự thêm");
    assert_eq!(an.browser.send(&kept).await.ok().path, saved.path);
    assert_eq!(total(&world, "lòng thòng").await, 1);
    world.browser().get("/tim?q=lòng+thòng").await.ok().shows("Bún ốc Mệ Gái");
    an.browser
        .get(&format!("{SYNONYMS}?tim=long+thong&loai=rieng"))
        .await
        .ok()
        .shows("Triệu Phong gọi")
        .shows("Số nhóm: 1");
    an.browser.get(&format!("{SYNONYMS}?tim=long+thong&loai=san")).await.ok();
    // What it does to take them away is seen too.
    let bo = "form[action$='/bo']";
    let tried = pressed(&an, &saved, bo, "xem").await.ok().shows("rời khỏi đây");
    assert_eq!(total(&world, "lòng thòng").await, 1);
    world.clock.advance(TimeDelta::seconds(1));
    let gone = pressed(&an, &tried, bo, "bo").await.ok().shows("Đã bỏ nhóm này");
    assert_eq!(total(&world, "lòng thòng").await, 0);
    world.clock.advance(TimeDelta::seconds(1));
    pressed(&an, &gone, "form[action$='/khoi-phuc']", "khoi-phuc").await.ok().shows("Đã khôi phục");
    assert_eq!(total(&world, "lòng thòng").await, 1);
    let acts = acts(&world).await;
    let verbs = ["add_synonyms", "remove_synonyms", "restore_synonyms"];
    assert_eq!(acts, verbs.map(|verb| format!("search.{verb}")));
}

#[tokio::test]
async fn a_shipped_group_stays_as_it_was_left() {
    let world = World::new().await;
    let an = world.operator("An", "an@san.vn").await;
    floor(&world, &["Thịt lợn muối", "Mật dừa"]).await;
    assert_eq!(total(&world, "heo muối").await, 1);
    let list = an.browser.get(&format!("{SYNONYMS}?tim=heo")).await.ok();
    let group = an.browser.get(&list.link("heo; lợn")).await.ok().shows("có sẵn");
    world.clock.advance(TimeDelta::seconds(1));
    let form = group.form("main form.form").with("act", "luu");
    let changed = an.browser.send(&form.with("tu", "heo\nmật dừa")).await.ok().shows("đã sửa");
    let loaded = async || {
        let mut db = world.db.acquire().await.unwrap();
        search::load_reference(&mut db, &world.cx()).await.unwrap();
    };
    loaded().await;
    assert_eq!(total(&world, "heo").await, 1, "the honey");
    assert_eq!(total(&world, "heo muối").await, 0);
    world.clock.advance(TimeDelta::seconds(1));
    let back = "form[action$='/khoi-phuc']";
    pressed(&an, &changed, back, "khoi-phuc").await.ok().lacks("đã sửa");
    assert_eq!(total(&world, "heo muối").await, 1);
    let group = an.browser.get(&list.link("heo; lợn")).await.ok();
    world.clock.advance(TimeDelta::seconds(1));
    pressed(&an, &group, "form[action$='/bo']", "bo").await.ok();
    loaded().await;
    assert_eq!(total(&world, "heo muối").await, 0, "it stays away");
    an.browser.get(&format!("{SYNONYMS}?tim=heo&loai=bo")).await.ok().shows("heo; lợn");
}

#[tokio::test]
async fn what_cannot_be_is_said_beside_the_field() {
    let world = World::new().await;
    let an = world.operator("An", "an@san.vn").await;
    let long = "dài ".repeat(3_000);
    let many: String = (0..40).map(|i| format!("từ {i}\n")).collect();
    for (terms, told) in [
        ("", "2 đến 30"),
        ("heo", "2 đến 30"),
        (many.as_str(), "2 đến 30"),
        (long.as_str(), "2 đến 30"),
        ("heo rừng;HEO RỪNG", "hai lần"),
        ("một;một hai ba bốn năm sáu bảy", "hơn 6 tiếng"),
        ("...;!!!", "không có chữ"),
        ("con ỉn;Lợn", "“Lợn” đã ở trong nhóm “heo; lợn”"),
    ] {
        for act in ["xem", "luu"] {
            let form = new_group(&an, terms).await.with("act", act).with("ghi_chu", "giữ lại");
            let refused = an.browser.send(&form).await.shows(told);
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{terms}");
            assert_eq!(refused.form("main form.form").value("ghi_chu"), Some("giữ lại"));
            assert!(refused.texts(".field .err").concat().contains(told), "{terms}");
        }
    }
    let refused = an.browser.send(&new_group(&an, "con ỉn;Lợn").await).await;
    an.browser.get(&refused.link("Mở nhóm đang có")).await.ok().shows("heo; lợn");
    // One way it may begin with any word.
    let one_way = new_group(&an, "lợn;lợn mán").await.with("kieu", "mot");
    an.browser.send(&one_way).await.ok();
    for nobody in ["x", "0191d6a0-0000-4000-8000-000000000001"] {
        let path = format!("{SYNONYMS}/{nobody}");
        assert_eq!(an.browser.get(&path).await.status, StatusCode::NOT_FOUND);
        let sent = an.browser.post(&path, &[("tu", "a;b")]).await;
        assert_eq!(sent.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(acts(&world).await, ["search.add_synonyms"]);
    let lan = world.person("Lan", "lan@vidu.vn").await;
    for path in [HERE, SYNONYMS, STOP_WORDS] {
        assert_eq!(lan.browser.get(path).await.status, StatusCode::NOT_FOUND);
    }
    let sent = lan.browser.post(STOP_WORDS, &[("tu", "a")]).await;
    assert_eq!(sent.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nobody_writes_over_what_he_has_not_seen() {
    let world = World::new().await;
    let an = world.operator("An", "an@san.vn").await;
    let binh = world.operator("Bình", "binh@san.vn").await;
    let saved = an.browser.send(&new_group(&an, "bún ốc;lòng thòng").await).await.ok();
    let old = an.browser.get(&saved.path).await.ok();
    world.clock.advance(TimeDelta::seconds(1));
    let his = binh.browser.get(&saved.path).await.ok().form("main form.form");
    binh.browser.send(&his.with("tu", "bún ốc;lủng lẳng")).await.ok();
    world.clock.advance(TimeDelta::seconds(1));
    let hers = old.form("main form.form").with("tu", "bún ốc;lòng thòng;tòn ten");
    let refused = an.browser.send(&hers).await.shows("vừa được người khác sửa");
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.texts(".facts").concat().contains("lủng lẳng"), "what is kept now");
    let seen = refused.form("main form.form");
    assert_eq!(seen.value("tu"), Some("bún ốc;lòng thòng;tòn ten"), "what she typed");
    let away = pressed(&an, &old, "form[action$='/bo']", "bo").await;
    assert_eq!(away.status, StatusCode::UNPROCESSABLE_ENTITY);
    an.browser.send(&seen).await.ok().shows("tòn ten");
    let terms: Vec<String> = sqlx::query_scalar(
        "select array_to_string(terms, ';') from search.synonyms where shipped is null",
    )
    .fetch_all(&world.db)
    .await
    .unwrap();
    assert_eq!(terms, ["bún ốc;lòng thòng;tòn ten"]);
}

#[tokio::test]
async fn stop_words_need_not_be_there() {
    let world = World::new().await;
    let an = world.operator("An", "an@san.vn").await;
    floor(&world, &["Mật dừa", "Bún ốc"]).await;
    assert_eq!(total(&world, "bún ốc đê").await, 0);
    looked(&world, "bún ốc đê", 0, true, 3);
    world.app.search.flush_asked().await.unwrap();
    let page = an.browser.get(&format!("{STOP_WORDS}?tu=đê")).await.ok();
    let form = page.form(&format!("form[action='{STOP_WORDS}'][method='post']"));
    let tried = an.browser.send(&form.clone().with("act", "xem")).await.ok();
    assert!(tried.texts("#xem-truoc").concat().contains("“bún ốc đê”"), "{}", tried.main_text());
    assert_eq!(total(&world, "bún ốc đê").await, 0, "only tried out");
    an.browser.send(&form.clone().with("act", "luu")).await.ok().shows("Đã thêm từ dừng");
    assert_eq!(total(&world, "bún ốc đê").await, 1);
    for (word, told) in [("đê", "đã có"), ("hai từ", "một tiếng"), ("...", "một tiếng")]
    {
        let form = an.browser.get(STOP_WORDS).await.ok().form("main form.form");
        let refused = an.browser.send(&form.with("tu", word)).await.shows(told);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{word}");
        assert_eq!(refused.form("main form.form").value("tu"), Some(word));
    }
    let own = an.browser.get(&format!("{STOP_WORDS}?loai=rieng&tim=DE")).await.ok();
    let bo = own.form("form[action$='/bo']");
    assert_eq!(bo.value("tu"), Some("đê"));
    an.browser.send(&bo.clone().with("act", "xem")).await.ok().shows("Thử với từ");
    an.browser.send(&bo.clone().with("act", "bo")).await.ok();
    assert_eq!(total(&world, "bún ốc đê").await, 0);
    let again = bo.with("key", "0191d6a0-0000-4000-8000-000000000009");
    assert_eq!(an.browser.send(&again).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // A shipped one that was taken away stays away.
    let shipped = an.browser.get(&format!("{STOP_WORDS}?tim=nhé")).await.ok();
    an.browser.send(&shipped.form("form[action$='/bo']").with("act", "bo")).await.ok();
    search::load_reference(&mut world.db.acquire().await.unwrap(), &world.cx()).await.unwrap();
    assert_eq!(total(&world, "bún ốc nhé").await, 0);
    let away = an.browser.get(&format!("{STOP_WORDS}?loai=bo&tim=nhé")).await.ok();
    an.browser.send(&away.form("form[action$='/khoi-phuc']").with("act", "x")).await.ok();
    assert_eq!(total(&world, "bún ốc nhé").await, 1);
    let acts = acts(&world).await;
    assert_eq!(acts.iter().filter(|act| act.ends_with("_stop_word")).count(), 4, "{acts:?}");
}
