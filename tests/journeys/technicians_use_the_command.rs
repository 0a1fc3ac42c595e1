//! The command `santinh` as a technician uses it: the real binary on a database of its own.

use crate::{market::stall, support::World};
use santinh::platform::spreadsheet::Table;
use std::{
    path::{Path, PathBuf},
    process::Output,
};

/// A folder with files to import, and the command beside it.
struct Desk {
    folder: PathBuf,
    database: String,
}

impl Desk {
    fn at(world: &World) -> Self {
        let name = format!("santinh-desk-{}", uuid::Uuid::new_v4().simple());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Self { folder, database: world.database_url() }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Runs the command and waits; `more` overrides variables.
    async fn run(&self, arguments: &[&str], more: &[(&str, &str)]) -> Output {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_santinh"));
        command.args(arguments).env("SANTINH_VAR", self.folder.join("var"));
        command.env("DATABASE_URL", &self.database).env_remove("SMTP_URL");
        command.envs(more.iter().copied());
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
    }

    /// What it said when all was well.
    async fn says(&self, arguments: &[&str]) -> String {
        let done = self.run(arguments, &[]).await;
        let (out, err) = (text(&done.stdout), text(&done.stderr));
        assert!(done.status.success(), "{arguments:?}: {out}{err}");
        out
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The refused rows that were written down: line, column, reason.
fn refused(file: &Path) -> Vec<(String, String, String)> {
    let table = Table::open(&file.with_extension("loi.csv")).unwrap();
    assert_eq!(table.header[..3], ["dong", "cot", "ly_do"]);
    table.map(Result::unwrap).map(|r| (r[0].clone(), r[1].clone(), r[2].clone())).collect()
}

fn one(line: &str, column: &str, reason: &str) -> Vec<(String, String, String)> {
    vec![(line.to_owned(), column.to_owned(), reason.to_owned())]
}

#[tokio::test]
async fn tables_come_in_once_and_bad_rows_are_written_down() {
    let world = World::new().await;
    let desk = Desk::at(&world);
    let head = |file: &str, rows: usize| -> String {
        let text = std::fs::read_to_string(file).unwrap();
        text.lines().take(rows + 1).fold(String::new(), |all, line| all + line + "\n")
    };
    let units =
        head("data/units/communes.csv", 3) + "00001,Xã Lạ,Xã Lạ,xa,77,16.1,107.1,2025-07-01,\n";
    let units = units.replace(",Ba Đình,Phường Ba Đình,", ",Ba Đình mới,Phường Ba Đình mới,");
    let vsic = head("data/vsic.csv", 2) + "99x,5,A,A,Nghề lạ,Strange,khong-ro\n";
    let vsic = vsic.replace("Agriculture, forestry and fishing", "Farming, forestry and fishing");
    let categories = std::fs::read_to_string("data/categories.csv").unwrap()
        + "do-la,khong-co,Đồ lạ,Strange,10,0,goods,box,,\n";
    let categories = categories.replacen("Farm produce", "Produce of farms", 1);
    for (kind, contents, line, column, reason) in [
        ("units", &units, 5, "province_code", "không có tỉnh, thành phố mã này"),
        ("vsic", &vsic, 4, "key_group", "key_group phải là agri_industry hoặc trade_services"),
        (
            "categories",
            &categories,
            categories.lines().count(),
            "parent_slug",
            "nhánh cha phải đứng trước trong cùng tệp",
        ),
    ] {
        let file = desk.file(&format!("{kind}.csv"), contents);
        let said = desk.says(&["import", kind, path(&file)]).await;
        assert!(said.contains("thêm 0, cập nhật 1,") && said.contains("từ chối 1 "), "{said}");
        assert_eq!(refused(&file), one(&line.to_string(), column, reason));
        let again = desk.says(&["import", kind, path(&file)]).await;
        assert!(again.contains("thêm 0, cập nhật 0,"), "{kind} a second time: {again}");
    }
}

#[tokio::test]
async fn firms_and_goods_come_in_by_the_mapping_of_their_columns() {
    let world = World::new().await;
    let desk = Desk::at(&world);
    stall(&world, "Gian Nhập", "3200000027", None).await;
    let slug: String = sqlx::query_scalar("select slug from enterprises.sellers")
        .fetch_one(&world.db)
        .await
        .unwrap();
    let firms = desk.file(
        "firms.csv",
        "mã số thuế;tên doanh nghiệp;Xã\n3299491692;Công ty Một;19429\n3299491693;Công ty Sai Số;19429\n\
         3299401314;;19429\n3299184638;Công ty Ba;1942\n",
    );
    let map = desk.file("map.toml", "commune_code = \"Xã\"\n");
    let arguments =
        ["import", "enterprises", path(&firms), "--mapping", path(&map), "--source", "thử"];
    let said = desk.says(&arguments).await;
    assert!(said.contains("đọc 4 dòng – thêm 1, cập nhật 0, không đổi 0, từ chối 3"), "{said}");
    let wrong = refused(&firms);
    let places: Vec<(&str, &str)> = wrong.iter().map(|r| (r.0.as_str(), r.1.as_str())).collect();
    assert_eq!(places, [("3", "mã số thuế"), ("4", "tên doanh nghiệp"), ("5", "Xã")]);
    assert!(wrong[2].2.contains("5 chữ số"), "{wrong:?}");
    let again = desk.says(&arguments).await;
    assert!(again.contains("thêm 0, cập nhật 0, không đổi 1, từ chối 3"), "{again}");

    let goods = desk.file(
        "goods.csv",
        "product_id,name,price_vnd\nP-1,Nước mắm,85.000\nP-2,Không giá,\nP-1,Trùng mã,5000\nP-3,Muối,miễn phí\n",
    );
    let errors = desk.folder.join("loi.csv");
    let arguments =
        ["import", "products", path(&goods), "--seller", &slug, "--errors", path(&errors)];
    let said = desk.says(&arguments).await;
    assert!(said.contains("đọc 4 dòng – thêm 1, cập nhật 0, không đổi 0, từ chối 3"), "{said}");
    assert!(said.contains(path(&errors)), "{said}");
    let told = std::fs::read_to_string(&errors).unwrap();
    for line in ["3,price_vnd,thiếu giá", "4,product_id,mã hàng đã có ở dòng trước", "5,price_vnd,"]
    {
        assert!(told.contains(line), "{line}: {told}");
    }
    let again = desk.says(&arguments).await;
    assert!(again.contains("thêm 0, cập nhật 0, không đổi 1, từ chối 3"), "{again}");
    let sold: (String, String, i64) = sqlx::query_as(
        "select v.sku, p.state, v.price from catalogue.variants v join catalogue.products p on p.id = v.product_id",
    )
    .fetch_one(&world.db)
    .await
    .unwrap();
    assert_eq!(sold, ("P-1".into(), "published".into(), 85_000));
    // Imported goods are on the record of what was on display, and found after the index was made anew.
    let spans: i64 =
        sqlx::query_scalar("select count(*) from catalogue.public_spans where until is null")
            .fetch_one(&world.db)
            .await
            .unwrap();
    assert_eq!(spans, 1);
    sqlx::query("truncate search.documents cascade").execute(&world.db).await.unwrap();
    assert!(desk.says(&["reindex"]).await.contains("1 documents"));
    let found: i64 = sqlx::query_scalar("select count(*) from search.documents")
        .fetch_one(&world.db)
        .await
        .unwrap();
    assert_eq!(found, 1);
    let nowhere =
        desk.run(&["import", "products", path(&goods), "--seller", "khong-co"], &[]).await;
    assert!(!nowhere.status.success() && text(&nowhere.stderr).contains("không có gian hàng"));
    let missing = desk.run(&["import", "vsic", "/khong/co.csv"], &[]).await;
    assert!(!missing.status.success() && text(&missing.stderr).contains("/khong/co.csv"));
}

#[tokio::test]
async fn the_chain_is_verified_and_a_broken_one_is_told() {
    let world = World::new().await;
    let desk = Desk::at(&world);
    let said = desk.says(&["admin", "create-operator", "an@san.vn", "Nguyễn An"]).await;
    assert!(said.contains("/dat-lai-mat-khau/"), "{said}");
    desk.says(&["admin", "create-officer", "hoa@soct.vn", "Trần Hoa"]).await;
    assert!(desk.says(&["admin", "roles"]).await.contains("hoa@soct.vn"));
    let rows: i64 = sqlx::query_scalar("select count(*) from platform.audit")
        .fetch_one(&world.db)
        .await
        .unwrap();
    assert_eq!(rows, 2);
    assert_eq!(desk.says(&["admin", "verify-audit"]).await.trim(), "2 rows, all whole");
    sqlx::query("update platform.audit set detail = '{\"role\": \"officer\"}' where seq = (select min(seq) from platform.audit)")
        .execute(&world.db)
        .await
        .unwrap();
    let broken = desk.run(&["admin", "verify-audit"], &[]).await;
    assert!(!broken.status.success());
    assert!(text(&broken.stderr).contains("broken at row"), "{}", text(&broken.stderr));
}

#[tokio::test]
async fn help_explains_every_command_and_wrong_settings_are_told_together() {
    let world = World::new().await;
    let desk = Desk::at(&world);
    for (arguments, words) in [
        (&["--help"][..], "SANTINH_VAR"),
        (&["serve", "--help"], "--demo"),
        (&["work", "--help"], "background work"),
        (&["migrate", "--help"], "schema"),
        (&["demo", "--help"], "demo province"),
        (&["reindex", "--help"], "search"),
        (&["import", "--help"], "refused rows"),
        (&["import", "units", "--help"], "data/units"),
        (&["import", "categories", "--help"], "data/categories.csv"),
        (&["import", "vsic", "--help"], "data/vsic.csv"),
        (&["import", "enterprises", "--help"], "mã số thuế"),
        (&["import", "products", "--help"], "--seller"),
        (&["admin", "--help"], "verify-audit"),
        (&["admin", "verify-audit", "--help"], "audit chain"),
        (&["admin", "create-officer", "--help"], "--password-stdin"),
        (&["admin", "create-operator", "--help"], "--password-stdin"),
        (&["admin", "roles", "--help"], "operators"),
        (&["admin", "reset-second-factor", "--help"], "E-mail"),
    ] {
        let said = desk.says(arguments).await;
        assert!(said.contains(words) && said.contains("Usage:"), "{arguments:?}: {said}");
    }
    let wrong = [
        ("DATABASE_URL", "mysql://root:hunter2@db/x"),
        ("SANTINH_LISTEN", "everywhere"),
        ("SANTINH_BASE_URL", "san.example"),
        ("SMTP_URL", "gopher://u:hunter3@mail"),
        ("SANTINH_TRUSTED_PROXIES", "balancer"),
    ];
    let done = desk.run(&["migrate"], &wrong).await;
    let told = text(&done.stderr) + &text(&done.stdout);
    assert!(!done.status.success() && told.contains("5 error(s)"), "{told}");
    for (name, _) in wrong {
        assert!(told.contains(name), "{name}: {told}");
    }
    assert!(!told.contains("hunter"), "a secret is told: {told}");
    // A password that the server refuses is not told either.
    let refused = [("DATABASE_URL", "postgres://an:hunter4@127.0.0.1:1/x")];
    let done = desk.run(&["migrate"], &refused).await;
    let told = text(&done.stderr) + &text(&done.stdout);
    assert!(!done.status.success() && !told.contains("hunter"), "{told}");
}
