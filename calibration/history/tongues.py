"""Words of column headers in languages other than English, by what they mean.

Without accents, which headers often lose; compounds are taken apart at their last part (`HEADS`).
"""

from __future__ import annotations


def _words(text: str) -> set[str]:
    return set(text.split())


DATE = _words(
    "datum tag monat woche quartal jahr zeitpunkt bestelldatum rechnungsdatum kaufdatum belegdatum "
    "jour mois semaine trimestre annee fecha dia mes semana ano data giorno mese settimana anno "
    "dag maand week kwartaal jaar besteldatum orderdatum miesiac "
    "日期 月份 年月 时间 時間 日付 年月日 購入日 注文日 売上日 날짜 일자 기간 주문일 구매일"
)
CUSTOMER = _words(
    "kunde kunden kundennr kundennummer kundenid kundin client clients idclient cliente clientes idcliente "
    "socio utente klant klantnr klantnummer klantid klient "
    "客户 客戶 会员 會員 用户 顾客 顧客 買家 买家 会員 お客様 고객 회원 구매자"
)
MANY_CUSTOMERS = _words("kunden clients clientes clienti klanten 客数 来店客数 고객수")
ORDER = _words(
    "bestellnr bestellnummer auftrag auftragsnr auftragsnummer rechnung rechnungsnr rechnungsnummer "
    "belegnr bon commande facture pedido factura ordine fattura bestelling bestelnummer factuur "
    "订单号 單號 单号 訂單編號 订单编号 注文番号 伝票番号 주문번호"
)
MONEY = _words(
    "affaires umsatz umsatze erlos erlose betrag bestellwert rechnungsbetrag nettobetrag verkaufe "
    "montant ventes vente chiffredaffaires ingresos ventas venta importe monto facturacion "
    "vendite fatturato importo ricavi vendas receita faturamento valor omzet bedrag verkoop sprzedaz "
    "销售额 銷售額 金额 金額 收入 营收 營收 营业额 營業額 成交额 成交額 实付 流水 "
    "売上 売上高 売上額 매출 매출액 판매액 금액 결제금액"
)
ORDERS = _words(
    "bestellungen auftrage bons kassenbons belege commandes pedidos ordini bestellingen "
    "订单数 訂單數 订单量 訂單量 单量 注文数 注文件数 購入件数 客数 주문수 주문건수"
)
UNITS = _words(
    "menge stuck stuckzahl absatz quantite cantidad unidades quantita quantidade aantal "
    "件数 件數 销量 銷量 数量 數量 販売数 点数 수량 판매량"
)
CHANNEL = _words(
    "kanal vertriebskanal vertriebsweg canal canale kanaal 渠道 平台 通路 管道 チャネル 販路 채널"
)
SPEND = _words(
    "kosten ausgaben werbekosten depense depenses cout couts gasto gastos coste costos spesa costi despesa "
    "uitgaven 花费 花費 费用 費用 投放 广告费 廣告費 広告費 費用 광고비 비용"
)
VISITS = _words(
    "besuche besucher visites visitas visite bezoeken 访问 访客 访问量 訪客 訪問 来店 방문 방문자"
)
PRICE = _words("preis einzelpreis prix precio prezzo preco prijs 价格 單價 单价 単価 価格 가격 단가")
PRODUCT = _words("artikel produkt produit producto prodotto produto 商品 产品 產品 상품")
ONLINE = _words(
    "ligne enligne linea internet digital onlineshop webshop 线上 線上 电商 電商 网店 網店 官网 官網 "
    "オンライン ネット 通販 ウェブ 온라인 인터넷"
)
OWN_NAME = _words("天猫 天貓 京东 京東 淘宝 淘寶 抖音 拼多多 小程序 楽天 アマゾン 쿠팡 네이버")
STORE = _words(
    "filiale filialen filial laden geschaft geschafte stationar magasin magasins boutique boutiques tienda "
    "tiendas negozio negozi loja lojas winkel winkels "
    "门店 門市 門店 线下 線下 实体店 實體店 店铺 店舗 実店舗 直営店 매장 오프라인 점포"
)
TOTAL = _words("gesamt summe insgesamt ensemble totale totaal 合计 合計 总计 總計 総計 합계 총계")
HEADS = tuple(sorted(_words("umsatz erlos betrag datum kanal preis menge kosten bestellungen omzet bedrag")))
"""Last parts of compounds; what stands before them is a word as well."""
CURRENCIES = {"円": "JPY", "日元": "JPY", "원": "KRW", "元": "CNY", "人民币": "CNY"}
SCRIPTS = {
    "JPY": "[\u3041-\u30ff]|注文|売上|店舗|日付|購入|価格|単価",
    "KRW": "[\uac00-\ud7a3]",
    "TWD": "訂單|門市|銷售|線上|線下|數量|客戶|網店",
    "CNY": "[\u4e00-\u9fff]",
}
"""How headers are written where a currency is paid with; the first that fits."""
SPOKEN = {
    "PLN": _words("sprzedaz miesiac klient"),
    "BRL": _words("receita faturamento vendas loja lojas"),
    "EUR": _words(
        "datum umsatz betrag kunde kunden kundennummer bestelldatum filiale monat woche umsatze erlos "
        "montant ventes commande magasin magasins boutique jour mois semaine trimestre affaires "
        "importe pedido fecha tienda tiendas ventas ingresos cliente "
        "fatturato ricavi ordine negozio negozi mese giorno settimana vendite importo "
        "omzet bedrag bestelling winkel winkels dag maand kwartaal klant"
    ),
}
"""Words of languages by the currency most of their speakers' shops keep books in."""
SYMBOLS = {"€": "EUR", "£": "GBP", "₩": "KRW", "$": "USD", "₹": "INR"}
"""Signs that say a currency; that of yen and yuan is one and the same."""


def parts(word: str) -> set[str]:
    """Return the parts of a compound: ``nettoumsatz`` is netto and umsatz; nothing where it is none."""
    head = next((head for head in HEADS if word.endswith(head) and word != head), None)
    return set() if head is None else {head, word.removesuffix(head)}
