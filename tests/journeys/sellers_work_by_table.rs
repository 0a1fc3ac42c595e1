//! A shop's list goes out, is edited, and comes in again: variants are added, and just what was edited changes.

use crate::{
    seller_lists_a_product::{organic, rice, shop},
    support::{World, browser::Answer, people::Somebody},
};
use santinh::{
    catalogue::{self, NewVariant},
    kernel::Vnd,
};

async fn export(world: &World, lan: &Somebody) -> String {
    let url = format!("{}/ban-hang/san-pham/xuat?dang=csv", world.base);
    let text = lan.browser.http.get(url).send().await.unwrap().text().await.unwrap();
    text.trim_start_matches('\u{feff}').replace("\r\n", "\n")
}

async fn import(lan: &Somebody, text: &str) -> Answer {
    let form = lan.browser.get("/ban-hang/san-pham/nhap").await.ok();
    let form = form.form("form[action='/ban-hang/san-pham/nhap']");
    lan.browser.send(&form.file("tep", "bang.csv", text.as_bytes())).await.ok()
}

/// SKU, product's name, label, price, on hand.
async fn list(world: &World) -> Vec<(String, String, String, i64, i64)> {
    sqlx::query_as(
        "select v.sku, p.name, v.label, v.price, l.on_hand from catalogue.variants v
         join catalogue.products p on p.id = v.product_id join stock.levels l on l.variant_id = v.id
         where v.removed_at is null order by p.created_at, p.id, v.position",
    )
    .fetch_all(&world.db)
    .await
    .unwrap()
}

#[tokio::test]
async fn variants_are_added_and_only_what_was_edited_changes() {
    let world = World::new().await;
    let (lan, seller) = shop(&world, "Gạo Lan", "lan@vd.vn").await;
    let (cx, mut db) = (world.cx(), world.db.acquire().await.unwrap());
    let mut new = rice(seller, vec![organic("2027-12-31")]);
    new.variants[0].label = "Túi 5 kg".into();
    new.variants.push(NewVariant {
        sku: "GAO-10".into(),
        label: "Túi 10 kg".into(),
        price: Vnd(350_000),
        stock: 8,
        weight_g: 10_000,
        ..NewVariant::default()
    });
    let product = catalogue::create_product(&mut db, &cx, &new).await.unwrap();
    catalogue::submit(&mut db, &cx, &world.app.categories, seller, product).await.unwrap();
    catalogue::approve(&mut db, &cx, &world.app.categories, product).await.unwrap();
    let before = export(&world, &lan).await;
    import(&lan, &before).await.shows("giữ nguyên 2").shows("sửa 0").shows("thêm 0");

    // One price is edited; meanwhile goods of the other variant are sold, which the file does not know.
    sqlx::query("update stock.levels set on_hand = 6 where on_hand = 8")
        .execute(&world.db)
        .await
        .unwrap();
    let edited = before.replace(",180000,", ",175000,");
    assert_ne!(edited, before);
    let slug: String = sqlx::query_scalar("select slug from catalogue.products")
        .fetch_one(&world.db)
        .await
        .unwrap();
    // A third variant by the product's address, a fourth by the product's name.
    let header = before.lines().next().unwrap();
    assert!(header.starts_with("sku,product,name,label,category,price,"), "{header}");
    let edited = format!(
        "{edited}GAO-1,{slug},,Túi 1 kg,,40000,,túi,1000,50,,,\nGAO-2,,Gạo hữu cơ Hải Lăng,Túi 2 kg,,78000,,túi,2000,20,,,\n"
    );
    let answer = import(&lan, &edited).await;
    assert!(answer.contains("thêm 2") && answer.contains("sửa 1"), "{}", answer.main_text());
    let name = "Gạo hữu cơ Hải Lăng".to_owned();
    let row = |sku: &str, label: &str, price, stock| {
        (sku.to_owned(), name.clone(), label.to_owned(), price, stock)
    };
    let all = [
        row("GAO-5", "Túi 5 kg", 175_000, 20),
        row("GAO-10", "Túi 10 kg", 350_000, 6),
        row("GAO-1", "Túi 1 kg", 40_000, 50),
        row("GAO-2", "Túi 2 kg", 78_000, 20),
    ];
    assert_eq!(list(&world).await, all);
    let state: String = sqlx::query_scalar("select state from catalogue.products")
        .fetch_one(&world.db)
        .await
        .unwrap();
    assert_eq!(state, "published", "prices and variants stay on sale");
    // A stock that was counted before something was sold is told, not written.
    let out = export(&world, &lan).await;
    let counted = out.replacen(",10000,6,", ",10000,9,", 1);
    assert_ne!(counted, out);
    sqlx::query("update stock.levels set on_hand = 5 where on_hand = 6")
        .execute(&world.db)
        .await
        .unwrap();
    import(&lan, &counted).await.shows("không nhận 1").shows("giữ nguyên 3");
    // The name is edited in one row of four: the others repeat the old one and do not bring it back.
    let out = export(&world, &lan).await;
    let renamed = out.replacen("Gạo hữu cơ Hải Lăng", "Gạo sạch Hải Lăng", 1);
    import(&lan, &renamed).await.shows("sửa 1").shows("giữ nguyên 3");
    assert!(list(&world).await.iter().all(|row| row.1 == "Gạo sạch Hải Lăng"));
}

#[tokio::test]
async fn rows_of_one_word_make_one_product_and_wrong_ones_are_told() {
    let world = World::new().await;
    let (lan, _) = shop(&world, "Tiêu Lan", "lan@vd.vn").await;
    let table = "ma_hang,nhom,ten,phan_loai,nganh_hang,gia,ton_kho\n\
                 T-1,tieu,Tiêu Cùa,Gói 100 g,lua-gao,30000,5\n\
                 T-2,tieu,Tiêu Cùa,Gói 500 g,lua-gao,140000,4\n\
                 T-3,tieu,Tiêu Cùa,,lua-gao,250000,3\n\
                 K-1,keo,Kẹo lạc,,lua-gao,20000,9\n";
    let leaf: String = sqlx::query_scalar(
        "select slug from catalogue.categories where is_leaf order by slug limit 1",
    )
    .fetch_one(&world.db)
    .await
    .unwrap();
    let table = table.replace("lua-gao", &leaf);
    let answer = import(&lan, &table).await;
    assert!(answer.contains("thêm 3") && answer.contains("không nhận 1"), "{}", answer.main_text());
    answer.shows("thiếu tên phân loại");
    let rows = list(&world).await;
    let mut skus: Vec<(&str, &str)> = rows.iter().map(|r| (r.0.as_str(), r.1.as_str())).collect();
    skus.sort_unstable();
    assert_eq!(skus, [("K-1", "Kẹo lạc"), ("T-1", "Tiêu Cùa"), ("T-2", "Tiêu Cùa")]);
    let products: i64 = sqlx::query_scalar("select count(*) from catalogue.products")
        .fetch_one(&world.db)
        .await
        .unwrap();
    assert_eq!(products, 2);
    // The same file again changes nothing, whatever words it calls its products by.
    let answer = import(&lan, &table).await;
    assert!(
        answer.contains("giữ nguyên 3") && answer.contains("thêm 0") && answer.contains("sửa 0"),
        "{}",
        answer.main_text()
    );
    // A code does not move to another product.
    let slug: String =
        sqlx::query_scalar("select slug from catalogue.products where name = 'Kẹo lạc'")
            .fetch_one(&world.db)
            .await
            .unwrap();
    import(&lan, &format!("sku,product,price\nT-1,{slug},1000\n"))
        .await
        .shows("thuộc sản phẩm khác");
    assert_eq!(list(&world).await, rows);
}
