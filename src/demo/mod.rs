//! The demo province: invented firms, goods, people and a year of orders, so that lists and figures have life.
