//! Orders are found by those whom they concern, and by nobody else.

use crate::{
    orders_live::{GOOD, OTHER},
    shop_floor::{group, ordered, person, place, shop, signed_in, standing, wish},
    support::World,
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::orders::PaymentMethod;

#[tokio::test]
async fn to_others_the_order_does_not_exist() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let other = crate::shop_floor::shop(&world, "Tiêu Cùa", OTHER, 10).await;
    let buyer = person(&world, "Trần Thị Hương", "huong@example.vn").await;
    person(&world, "Người khác", "khac@example.vn").await;
    let own = group(&world, Some(buyer), vec![wish(&shop, 1, PaymentMethod::VietQr)]);
    let order = place(&world, own).await.unwrap().orders.remove(0);
    let (code, k) = (&order.code, &order.secret);
    let mine = signed_in(&world, "huong@example.vn").await;
    mine.get("/don-hang").await.ok().shows(code);
    mine.get(&format!("/don-hang/{code}")).await.ok().shows("Chuyển khoản cho người bán");
    let strangers = [
        world.browser(),
        signed_in(&world, "khac@example.vn").await,
        signed_in(&world, &other.email).await,
    ];
    for stranger in &strangers {
        for tail in ["", "/qr.svg", "/hop-dong"] {
            for key in [
                "".to_owned(),
                "?k=".into(),
                format!("?k={}x", &k[1..]),
                format!("?k={}", k.to_uppercase()),
            ] {
                let answer = stranger.get(&format!("/don-hang/{code}{tail}{key}")).await;
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{tail}{key}");
            }
        }
        let act = [("act", "cancel"), ("key", "0191d6a0-0000-4000-8000-000000000001"), ("v", "1")];
        assert_eq!(
            stranger.post(&format!("/don-hang/{code}"), &act).await.status,
            StatusCode::NOT_FOUND
        );
    }
    for tail in ["", "/phieu"] {
        let path = format!("/ban-hang/don-hang/{code}{tail}");
        assert_eq!(strangers[2].get(&path).await.status, StatusCode::NOT_FOUND);
        assert!(!strangers[1].get(&path).await.contains(code), "not a member at all");
    }
    let act = [("act", "pay"), ("key", "0191d6a0-0000-4000-8000-000000000002"), ("v", "1")];
    let answer = strangers[2].post(&format!("/ban-hang/don-hang/{code}"), &act).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    strangers[2].get("/ban-hang/don-hang").await.ok().lacks(code);
    assert!(
        !strangers[2].get("/ban-hang/don-hang/xuat.csv").await.ok().text.contains(code.as_str())
    );
    assert_eq!(standing(&world, &order).await.0, "awaiting_payment");
}

#[tokio::test]
async fn a_guest_finds_his_order_by_code_and_number_alone() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let order = ordered(&world, &shop, 1, PaymentMethod::Cod).await;
    let guest = world.browser();
    let form = guest.get("/don-hang").await.ok().form("form[action=\"/tra-cuu\"]");
    let ask = |code: &str, phone: &str| form.clone().with("ma", code).with("dien_thoai", phone);
    let spaced = format!("{} {}", order.code[..5].to_lowercase(), &order.code[5..]);
    let found = guest.send(&ask(&spaced, "0987 654 321")).await.ok();
    assert!(found.path.contains(&order.secret));
    let mut other = order.code.clone().into_bytes();
    other.swap(0, 1);
    let other = String::from_utf8(other).unwrap();
    let wrong_number = guest.send(&ask(&order.code, "0987 654 322")).await;
    assert_eq!(wrong_number.status, StatusCode::UNPROCESSABLE_ENTITY);
    let there_is_none =
        guest.send(&ask(&santinh::kernel::code_from(world.cx().new_id()), "0987 654 321")).await;
    let said = |a: &crate::support::browser::Answer| a.texts(".errors li");
    assert_eq!(said(&wrong_number), said(&there_is_none), "nothing is told of what exists");
    for (code, phone) in [
        (other.as_str(), "x"),
        ("", ""),
        ("'; drop", "0\u{0}"),
        (&"9".repeat(5000), &"9".repeat(5000)),
    ] {
        assert_eq!(guest.send(&ask(code, phone)).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn the_list_is_searched_paged_and_taken_away() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 100).await;
    let seller = signed_in(&world, &shop.email).await;
    let mut codes = Vec::new();
    for _ in 0..35 {
        world.clock.advance(TimeDelta::minutes(1));
        codes.push(ordered(&world, &shop, 1, PaymentMethod::Cod).await.code);
    }
    let shown = |page: &crate::support::browser::Answer| page.texts("tbody th a");
    let first = seller.get("/ban-hang/don-hang?tt=placed").await.ok();
    let second = seller.get(&first.link("Trang sau")).await.ok();
    let mut seen = shown(&first);
    assert_eq!(seen.len(), 30);
    seen.extend(shown(&second));
    codes.reverse();
    assert_eq!(seen, codes, "all of them once, newest first");
    let back = seller.get(&second.link("Trang trước")).await.ok();
    assert_eq!(shown(&back), codes[..30]);
    assert!(first.texts(".tabs a[aria-current]")[0].contains("35"));
    for (query, n) in [
        (format!("tim={}", codes[3].to_lowercase()), 1),
        ("tim=0987654321".into(), 30),
        ("tim=huong+TRAN".into(), 30),
        ("tim=h%C6%B0%C6%A1ng".into(), 30),
        ("tim=nguyen".into(), 0),
        ("tu=2026-11-23".into(), 0),
        ("den=2026-11-22".into(), 30),
        ("tt=packed".into(), 0),
        ("tt=%00&sau=x&truoc=1.2&tu=9&tim='%25".into(), 30),
    ] {
        let page = seller.get(&format!("/ban-hang/don-hang?{query}")).await.ok();
        assert_eq!(shown(&page).len(), n, "{query}");
    }
    let csv = seller.get("/ban-hang/don-hang/xuat.csv?tt=placed").await.ok();
    assert_eq!(csv.text.lines().count(), 36);
    let xlsx = seller.get("/ban-hang/don-hang/xuat.xlsx").await.ok();
    assert!(xlsx.text.starts_with("PK"));
    // One click on the list acts and comes back to it.
    let form = first.form("tbody form").with("act", "confirm");
    let after = seller.send(&form).await.ok();
    assert_eq!(after.path, "/ban-hang/don-hang?tt=placed");
    assert_eq!(shown(&after).len(), 30);
    assert!(after.texts(".tabs a[aria-current]")[0].contains("34"));
}
