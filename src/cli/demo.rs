//! `santinh demo`

use crate::{
    accounts,
    app::App,
    demo::{self, Loaded, PASSWORD},
    kernel::Cx,
};
use indicatif::ProgressBar;
use std::time::Duration;

/// Loads the demo province unless it is there, and prints its sign-ins the first time.
pub(super) async fn run(app: &App) -> anyhow::Result<()> {
    let parts = demo::Parts {
        db: app.db.clone(),
        places: app.places.clone(),
        categories: app.categories.clone(),
        files: app.files.clone(),
        sealer: app.office.sealer.clone(),
        site: app.config.site.clone(),
    };
    let bar = ProgressBar::new_spinner().with_message("demo");
    bar.enable_steady_tick(Duration::from_millis(120));
    let loaded =
        demo::load(&parts, &Cx::at(app.clock.now()), |what| bar.set_message(what.to_owned())).await;
    bar.finish_and_clear();
    match loaded? {
        Loaded::Before => Ok(()),
        Loaded::Now { firms, listings, orders } => {
            println!(
                "Đã nạp tỉnh mẫu / demo province loaded: {firms} firms, {listings} listings, {orders} orders."
            );
            print_sign_ins(app).await
        }
    }
}

async fn print_sign_ins(app: &App) -> anyhow::Result<()> {
    println!("Mật khẩu của mọi tài khoản mẫu / password of every demo account: {PASSWORD}");
    for (what, email) in demo::SIGN_INS {
        println!("  {what:<44} {email}");
    }
    let mut db = app.db.acquire().await?;
    for holder in accounts::roles(&mut db).await? {
        let (role, email) = (holder.role, holder.email.unwrap_or_default());
        if let Some(secret) = demo::secret_of(&email) {
            println!("  {role:<44} {email}   TOTP secret {secret}");
        }
    }
    println!("Mã xác thực hiện tại và mọi tài khoản: /demo — thư đã gửi: /demo/thu");
    Ok(())
}
