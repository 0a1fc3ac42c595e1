//! Sellers' account numbers: sealed in the database, those of before too.

use crate::{market::stall, support::World};
use santinh::{
    enterprises::{self, BankAccount},
    platform::sealed::Sealer,
};

const NUMBER: &str = "0011004123456";

async fn kept(world: &World) -> String {
    sqlx::query_scalar("select b::text from enterprises.bank_accounts b")
        .fetch_one(&world.db)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_in_the_clear_is_sealed_at_the_start_and_a_new_key_seals_anew() {
    let world = World::new().await;
    let stall = stall(&world, "Cà phê Khe Sanh", "3200000027", None).await;
    let sealer = &world.app.office.sealer;
    assert!(!kept(&world).await.contains(NUMBER));
    // A row as it was before.
    sqlx::query(
        "update enterprises.bank_accounts set account_number = $1, sealed = null, number_ends = ''",
    )
    .bind(NUMBER)
    .execute(&world.db)
    .await
    .unwrap();
    let opened = async |sealer: &Sealer| {
        let mut db = world.db.acquire().await.unwrap();
        let account = enterprises::bank_account(&mut db, stall.seller).await.unwrap().unwrap();
        (account.open(sealer).map(|account| account.number), account.masked())
    };
    let whole = (Some(NUMBER.to_owned()), "•••• 3456".to_owned());
    assert_eq!(opened(sealer).await, whole, "a row of before does not open");
    assert_eq!(enterprises::seal_bank_accounts(&world.db, sealer).await.unwrap(), 1);
    assert!(!kept(&world).await.contains(NUMBER));
    assert_eq!(opened(sealer).await, whole);
    assert_eq!(enterprises::seal_bank_accounts(&world.db, sealer).await.unwrap(), 0, "twice");
    // Both forms at once, or none, cannot be written.
    for wrong in ["account_number = '1234567'", "sealed = null"] {
        let text = format!("update enterprises.bank_accounts set {wrong}");
        assert!(
            sqlx::query(sqlx::AssertSqlSafe(text)).execute(&world.db).await.is_err(),
            "{wrong}"
        );
    }
    // Another key knows nothing of it; with the former one beside it, the row is sealed anew.
    let (old, new) = (
        "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
        "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=",
    );
    let one = Sealer::new([old]).unwrap();
    let account = BankAccount {
        bin: "970436".into(),
        number: NUMBER.into(),
        name: "CONG TY KHAC".into(),
        ..BankAccount::default()
    };
    let mut tx = world.db.begin().await.unwrap();
    enterprises::save_bank_account(&mut tx, &world.cx(), &one, stall.seller, &account)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let other = Sealer::new([new]).unwrap();
    assert_eq!(opened(&other).await, (None, "•••• 3456".to_owned()));
    let both = Sealer::new([new, old]).unwrap();
    assert_eq!(enterprises::seal_bank_accounts(&world.db, &both).await.unwrap(), 1);
    assert_eq!(opened(&other).await, whole);
}
