//! A commune by typing: new names, old names, with marks or without.

use crate::support::World;
use santinh::places::{self, Resolution};

#[tokio::test]
async fn the_real_units_are_all_there_and_old_names_lead_to_them() {
    let world = World::new().await;
    let units = &world.app.places;
    let count = |table: &'static str| sqlx::query_scalar::<_, i64>(table).fetch_one(&world.db);
    assert_eq!(
        count("select count(*) from places.communes where valid_to is null").await.unwrap(),
        3321
    );
    assert_eq!(count("select count(*) from places.provinces").await.unwrap(), 34);
    assert_eq!(count("select count(*) from places.old_to_new").await.unwrap(), 10_565);
    for typed in [
        "Xã Khe Sanh",
        "khe sanh",
        "thị trấn khe sanh",
        "Thị trấn Khe Sanh, huyện Hướng Hóa, tỉnh Quảng Trị",
    ] {
        let Resolution::One(found) = units.resolve(typed) else {
            panic!("{typed}: {:?}", units.resolve(typed))
        };
        assert_eq!(found.shown(), "Xã Khe Sanh, Quảng Trị", "{typed}");
    }
    let first =
        |typed: &str| units.suggest(typed, 5).first().map(|s| s.shown.clone()).unwrap_or_default();
    assert_eq!(first("kh sanh"), "Xã Khe Sanh, Quảng Trị");
    assert_eq!(first("dong hoi"), "Phường Đồng Hới, Quảng Trị");
    assert!(
        units.suggest("huyen huong hoa", 12).len() >= 5,
        "an old district leads to its communes"
    );
    assert!(matches!(units.resolve("Tân Lập"), Resolution::Several(_)));
    // Every code that a suggestion carries is a unit of today.
    assert!(units.suggest("a", 200).iter().all(|s| units.commune(&s.code).is_some()));
}

#[tokio::test]
async fn no_split_ward_is_guessed() {
    let world = World::new().await;
    let split: Vec<(String, String, String)> = sqlx::query_as(
        "select w.full_name, d.full_name, p.full_name from places.old_to_new x
         join places.old_units w on w.level = 'ward' and w.code = x.old_ward_code
         join places.old_units d on d.level = 'district' and d.code = w.parent_code
         join places.old_units p on p.level = 'province' and p.code = d.parent_code
         group by w.code, 1, 2, 3 having count(*) > 1",
    )
    .fetch_all(&world.db)
    .await
    .unwrap();
    assert!(split.len() > 400, "{}", split.len());
    for (ward, district, province) in split {
        let typed = format!("{ward}, {district}, {province}");
        let found = world.app.places.resolve(&typed);
        assert!(matches!(found, Resolution::Several(_)), "{typed}: {found:?}");
    }
}

#[tokio::test]
async fn the_field_gets_its_choices() {
    let world = World::new().await;
    let answer = world.browser().get("/dia-ban/goi-y?name=xa&q=tt+khe+sanh").await.ok();
    assert!(answer.text.contains("type=\"radio\" name=\"xa\""), "{}", answer.text);
    let answer = answer.shows("(trước đây: Thị trấn Khe Sanh, Huyện Hướng Hóa)");
    assert!(!answer.text.contains("<html"), "a fragment only");
    let odd = world.browser().get("/dia-ban/goi-y?name=%22%3E%3Cscript%3E&q=khe").await.ok();
    assert!(!odd.text.contains("script"));
    assert_eq!(world.browser().get("/dia-ban/goi-y").await.ok().text.trim(), "");
}

#[tokio::test]
async fn goods_can_be_collected_in_every_commune_of_the_province() {
    let world = World::new().await;
    let mut db = world.db.acquire().await.unwrap();
    let all = places::points_in(&mut db, "44", None).await.unwrap();
    assert_eq!(all.len(), world.app.places.home_communes().len());
    let Resolution::One(khe_sanh) = world.app.places.resolve("Xã Khe Sanh") else { panic!() };
    let here = places::points_in(&mut db, "44", Some(&khe_sanh.code)).await.unwrap();
    assert_eq!(here[0].name, "Bưu điện văn hóa xã Khe Sanh");
    assert_eq!(places::point(&mut db, here[0].id).await.unwrap().as_ref(), Some(&here[0]));
}
